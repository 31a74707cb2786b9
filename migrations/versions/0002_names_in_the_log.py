"""Names in the log

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = "ck_changes_type_known"
BEFORE = (
    "event.changed",
    "membership.changed",
    "item.changed",
    "proposal.changed",
    "tally.changed",
    "turnout.changed",
    "comment.changed",
)


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), "changes", type_="check")
    _allow(*BEFORE, "person.changed")


def downgrade() -> None:
    """Tell of names by memberships, the state of which earlier readers know."""
    op.drop_constraint(op.f(NAME), "changes", type_="check")
    op.execute("""
        UPDATE changes c
        SET type = 'membership.changed',
            payload = json_build_object(
                'id', m.id, 'event_id', m.event_id, 'user', c.payload, 'status', m.status,
                'role', m.role, 'created_at', m.created_at, 'joined_at', m.joined_at)
        FROM memberships m
        WHERE c.type = 'person.changed'
          AND m.event_id = c.event_id AND m.user_id = CAST(c.payload ->> 'id' AS uuid)
    """)
    _allow(*BEFORE)


def _allow(*types: str) -> None:
    names = ", ".join(f"'{one}'" for one in types)
    op.create_check_constraint(op.f(NAME), "changes", f"type IN ({names})")
