"""Policies: when a kind of proposal is accepted by votes, and who may come in."""

from typing import Annotated, Any, Final

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from typing_extensions import override

from app.models.statuses import ProposalKind

Votes = Annotated[int, Field(ge=1, le=100_000, strict=True)]
Percent = Annotated[int, Field(ge=1, le=100, strict=True)]
# While an upgrade rolls, a newer process stores parts that this one does not know: it keeps them
# and hands them on. What a person sends is held to `bodies.PoliciesEdit`, which knows no others.
AS_STORED: Final = ConfigDict(extra="allow", frozen=True)


class CountPolicy(BaseModel):
    """Accepted at a fixed number of AGREE votes."""

    model_config = AS_STORED

    auto_approve: bool = Field(default=True, strict=True)
    min_votes: Votes = 3

    def needed(self, voters: int) -> int | None:  # noqa: ARG002 - one signature for all policies
        return self.min_votes if self.auto_approve else None


class SharePolicy(BaseModel):
    """Accepted at a share of the accepted voting members."""

    model_config = AS_STORED

    auto_approve: bool = Field(default=True, strict=True)
    threshold_percent: Percent = 50

    def needed(self, voters: int) -> int | None:
        """Return the least whole number of votes that is at least the share, never below one."""
        if not self.auto_approve:
            return None
        return max(1, -(-self.threshold_percent * voters // 100))


class Policies(BaseModel):
    """Everything that an admin can set about how an event admits people and decides."""

    model_config = AS_STORED

    membership_auto_approved: bool = Field(default=True, strict=True)
    guests_allowed: bool = Field(default=True, strict=True)
    observers_allowed: bool = Field(default=False, strict=True)
    max_pending_per_member: int = Field(default=5, ge=1, le=100, strict=True)
    images_need_approval: bool = Field(default=False, strict=True)
    assumption: CountPolicy = CountPolicy()
    criterion: CountPolicy = CountPolicy()
    conclusion: SharePolicy = SharePolicy()

    def needed(self, kind: ProposalKind, voters: int) -> int | None:
        """Return the AGREE votes that accept a proposal of this kind, or None where none do."""
        policy: CountPolicy | SharePolicy = getattr(self, kind.value)
        return policy.needed(voters)


class PoliciesColumn(sa.types.TypeDecorator[Policies]):
    """Policies as one JSONB value of the event's row, so that a lock reads them with it."""

    impl = JSONB
    cache_ok = True

    @override
    def process_bind_param(self, value: Policies | None, dialect: Dialect) -> Any:
        return None if value is None else value.model_dump(mode="json")

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> Policies | None:
        return None if value is None else Policies.model_validate(value)
