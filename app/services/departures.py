"""What goes with a voter who goes: their votes on pending proposals, and their ballot."""

from uuid import UUID

import sqlalchemy as sa

from app.models import Ballot, Event, Proposal, ProposalVote
from app.models.payloads import Tally, TallyPayload
from app.models.statuses import ChangeType, Choice
from app.services import access
from app.services.changes import announce
from app.utils.transaction import UnitOfWork


async def withdraw_voter(uow: UnitOfWork, event: Event, user_id: UUID) -> None:
    """Take away the votes and the ballot of somebody who stopped being a voting member.

    Proposals that are decided keep the tally they were decided with. The caller announces the
    turnout afterwards.
    """
    for proposal, choice in await _withdraw_votes(uow, event, user_id):
        column = choice.value.lower()
        setattr(proposal, column, getattr(proposal, column) - 1)
        announce(uow, ChangeType.TALLY, _tally(event, proposal), None)
    gone = await uow.session.execute(
        sa.delete(Ballot)
        .where(Ballot.event_id == event.id, Ballot.user_id == user_id)
        .returning(Ballot.user_id)
    )
    event.ballots -= len(gone.all())


async def _withdraw_votes(
    uow: UnitOfWork, event: Event, user_id: UUID
) -> list[tuple[Proposal, Choice]]:
    voted = sa.select(ProposalVote.proposal_id).where(
        ProposalVote.event_id == event.id, ProposalVote.user_id == user_id
    )
    pending = {
        proposal.id: proposal
        for proposal in await access.lock_pending_proposals(uow, event, Proposal.id.in_(voted))
    }
    gone = await uow.session.execute(
        sa.delete(ProposalVote)
        .where(
            ProposalVote.event_id == event.id,
            ProposalVote.user_id == user_id,
            ProposalVote.proposal_id.in_(list(pending)),
        )
        .returning(ProposalVote.proposal_id, ProposalVote.choice)
    )
    choices = {row.proposal_id: row.choice for row in gone}
    return [(proposal, choices[id_]) for id_, proposal in pending.items()]


def _tally(event: Event, proposal: Proposal) -> TallyPayload:
    tally = Tally(agree=proposal.agree, disagree=proposal.disagree, abstain=proposal.abstain)
    return TallyPayload(proposal_id=proposal.id, tally=tally, needed=event.needed(proposal.kind))
