"""Who may overwrite what: a commit proves that it knows what it replaces.

The version is what counts. A lease keeps people out of each other's way; its token shows, also
when Redis forgot everything, that nobody was given the block after its holder.
"""

from dataclasses import dataclass
from uuid import UUID

from app.models import Block, User
from app.models.callers import Caller
from app.models.errors import Conflict, Locked
from app.models.payloads import Holder, LockPayload, Payload
from app.models.presenting_briefs import present_block, present_holder
from app.utils.transaction import UnitOfWork


@dataclass(frozen=True, slots=True)
class Guard:
    """What was known of a block's lease just before a commit without one.

    Nobody else held one when the block's token was `token`; who is granted one later lets the
    holder write for `ttl` milliseconds.
    """

    token: int
    ttl: int


def require_version(block: Block, version: int) -> None:
    """Raise Conflict, with the present block, unless this is its version."""
    if block.version != version:
        raise Conflict(
            "block_changed",
            "Somebody has written here meanwhile. Keep what you wrote, compare it with what "
            "stands there now, and commit again from that version.",
            current=as_json(present_block(block)),
        )


async def require_right_to_write(
    uow: UnitOfWork, block: Block, author: Caller, token: int | None, guard: Guard | None
) -> None:
    """Raise Conflict where the token was overtaken, Locked where the block was taken meanwhile.

    Without a token and without a guard, as when Redis is gone, the version alone decides.
    """
    if token is not None:
        if (token, author.id) != (block.token, block.holder_id):
            raise overtaken(block)
    elif guard is not None and guard.token < block.token and block.holder_id != author.id:
        await _refuse_for_new_holder(uow, block, guard)


def overtaken(block: Block) -> Conflict:
    """Refuse a token that is not the last one that was granted."""
    return Conflict(
        "lock_lost",
        "Your lock on this block ended, and somebody else was given it. Keep what you wrote, "
        "take the block again, and commit from the version that stands there now.",
        current=as_json(present_block(block)),
    )


def held_by_other(block_id: UUID, holder: Holder, expires_in_ms: int) -> Locked:
    """Refuse what would get into somebody's way, and say whose and for how long."""
    held = LockPayload(block_id=block_id, holder=holder, expires_in_ms=expires_in_ms)
    return Locked(
        "block_locked",
        f"{holder.name} is writing here. Wait for their commit, or write in another block.",
        current=as_json(held),
        retry_after=max(1, -(-expires_in_ms // 1_000)),
    )


def as_json(payload: Payload) -> dict[str, object]:
    """Return a payload as a problem document carries it."""
    return payload.model_dump(mode="json")


async def _refuse_for_new_holder(uow: UnitOfWork, block: Block, guard: Guard) -> None:
    if block.holder_id is None:
        # Broken by an admin: nobody holds it.
        return
    holder = await uow.session.get_one(User, block.holder_id)
    raise held_by_other(block.id, present_holder(holder.id, holder.name), guard.ttl)
