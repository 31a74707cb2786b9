"""How the rows of the shared brief become payloads."""

from uuid import UUID

from app.models.blocks import Block
from app.models.briefs import BriefSnapshot
from app.models.colours import colour_of
from app.models.payloads import BlockPayload, Holder, SnapshotPayload
from app.models.presenting import present_person


def present_block(block: Block) -> BlockPayload:
    """Return a block; its author and its image must be loaded."""
    image = block.image
    return BlockPayload(
        id=block.id,
        kind=block.kind,
        text=block.text,
        attachment_id=block.attachment_id,
        width=image.width if image else None,
        height=image.height if image else None,
        position=block.position,
        version=block.version,
        author=present_person(block.author),
        created_at=block.created_at,
        updated_at=block.updated_at,
        removed=block.removed_at is not None,
    )


def present_holder(user_id: UUID, name: str) -> Holder:
    return Holder(id=user_id, name=name, colour=colour_of(user_id))


def present_snapshot(snapshot: BriefSnapshot) -> SnapshotPayload:
    """Return a snapshot of the brief; its author must be loaded."""
    return SnapshotPayload(
        id=snapshot.id,
        name=snapshot.name,
        block_count=snapshot.block_count,
        author=present_person(snapshot.author),
        created_at=snapshot.created_at,
        restored_at=snapshot.restored_at,
    )
