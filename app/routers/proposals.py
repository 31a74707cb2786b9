"""Proposals and the votes on them over HTTP: three collections, one set of routes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.convertors import Convertor, register_url_convertor
from typing_extensions import override

from app.models.bodies import Decision, NewConclusion, NewProposal, VoteBody
from app.models.callers import Caller
from app.models.payloads import ProposalPayload, VotePayload
from app.models.statuses import Category, Choice, ProposalKind, ProposalStatus
from app.routers.deps import (
    CurrentUser,
    Desk,
    PageCursor,
    PageLimit,
    TheDesk,
    TheHouse,
    current_user,
    json_body,
    maybe_caller,
    the_desk,
    the_house,
)
from app.routers.problems import problem_responses
from app.services import decisions, proposals
from app.services.pages import Page
from app.services.tallies import Verb, VoteIntent


class Collection(StrEnum):
    """The three collections of proposals, as URLs name them."""

    ASSUMPTIONS = "assumption-proposals"
    CRITERIA = "criteria-proposals"
    CONCLUSIONS = "conclusion-proposals"


KINDS = {
    Collection.ASSUMPTIONS: ProposalKind.ASSUMPTION,
    Collection.CRITERIA: ProposalKind.CRITERION,
    Collection.CONCLUSIONS: ProposalKind.CONCLUSION,
}
InCollection = Annotated[Collection, Path()]


class CollectionConvertor(Convertor[str]):
    """Lets the three names through and nothing else, so that other routes keep theirs."""

    regex = "|".join(Collection)

    @override
    def convert(self, value: str) -> str:
        return value

    @override
    def to_string(self, value: str) -> str:
        return value


register_url_convertor("collection", CollectionConvertor())
router = APIRouter(
    prefix="/events/{event_id}",
    tags=["proposals"],
    responses=problem_responses(400, 401, 403, 404, 409, 422, 429, 503),
)


@router.get("/{collection:collection}", response_model=Page[ProposalPayload])
async def list_proposals(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    collection: InCollection,
    status: ProposalStatus | None = None,
    cursor: PageCursor = None,
    limit: PageLimit = 50,
) -> Response:
    return json_body(
        await proposals.list_proposals(
            house.database, user, event_id, KINDS[collection], status, cursor, limit
        )
    )


@router.post("/{collection:collection}", status_code=201, response_model=ProposalPayload)
async def propose(
    desk: TheDesk, user: CurrentUser, event_id: UUID, collection: InCollection, body: NewProposal
) -> Response:
    return await desk.write(
        201, event_id, proposals.propose, user, event_id, KINDS[collection], body
    )


@router.post(
    "/criteria/{criterion_id}/conclusion-proposals",
    status_code=201,
    response_model=ProposalPayload,
)
async def propose_conclusion(
    desk: TheDesk, user: CurrentUser, event_id: UUID, criterion_id: UUID, body: NewConclusion
) -> Response:
    wish = NewProposal(
        category=Category.CREATION,
        target_id=criterion_id,
        content=body.content,
        reason=body.reason,
    )
    return await desk.write(
        201, event_id, proposals.propose, user, event_id, ProposalKind.CONCLUSION, wish
    )


@router.get("/{collection:collection}/{proposal_id}", response_model=ProposalPayload)
async def read_proposal(
    house: TheHouse,
    user: CurrentUser,
    event_id: UUID,
    collection: InCollection,
    proposal_id: UUID,
) -> Response:
    return json_body(
        await proposals.read_proposal(
            house.database, user, event_id, KINDS[collection], proposal_id
        )
    )


@router.delete("/{collection:collection}/{proposal_id}", response_model=ProposalPayload)
async def delete_proposal(
    desk: TheDesk, user: CurrentUser, event_id: UUID, collection: InCollection, proposal_id: UUID
) -> Response:
    return await desk.write(
        200, event_id, proposals.withdraw, user, event_id, KINDS[collection], proposal_id
    )


@router.patch("/{collection:collection}/{proposal_id}/status", response_model=ProposalPayload)
async def decide_proposal(
    desk: TheDesk,
    user: CurrentUser,
    event_id: UUID,
    collection: InCollection,
    proposal_id: UUID,
    body: Decision,
) -> Response:
    return await desk.write(
        200,
        event_id,
        decisions.decide,
        user,
        event_id,
        KINDS[collection],
        proposal_id,
        body.status,
        body.reason,
    )


@dataclass(frozen=True, slots=True)
class VotePlace:
    """Whose vote it is, and on what: what the three vote routes share."""

    desk: Desk
    voter: Caller
    event_id: UUID
    kind: ProposalKind
    proposal_id: UUID

    async def vote(self, verb: Verb, choice: Choice | None) -> Response:
        intent = VoteIntent(self.voter, self.kind, self.proposal_id, verb, choice, self.desk.key)
        return await self.desk.vote(self.event_id, intent)


async def vote_place(
    request: Request, event_id: UUID, collection: InCollection, proposal_id: UUID
) -> VotePlace:
    """Ask for what other routes get injected: resolving five dependencies is a third of a vote."""
    house = await the_house(request)
    voter = await current_user(await maybe_caller(request, house))
    desk = await the_desk(request, house, voter)
    return VotePlace(desk, voter, event_id, KINDS[collection], proposal_id)


Place = Annotated[VotePlace, Depends(vote_place)]
VOTES = "/{collection:collection}/{proposal_id}/votes"


@router.post(VOTES, status_code=201, response_model=VotePayload)
async def cast_vote(place: Place, body: VoteBody | None = None) -> Response:
    return await place.vote(Verb.CAST, (body or VoteBody()).choice)


@router.put(VOTES, response_model=VotePayload)
async def set_vote(place: Place, body: VoteBody | None = None) -> Response:
    return await place.vote(Verb.SET, (body or VoteBody()).choice)


@router.delete(VOTES, response_model=VotePayload)
async def take_back_vote(place: Place) -> Response:
    return await place.vote(Verb.TAKE_BACK, None)
