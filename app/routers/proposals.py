"""Proposals and the votes on them over HTTP: three collections, one set of routes."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response
from starlette.convertors import Convertor, register_url_convertor
from typing_extensions import override

from app.models.bodies import Decision, NewConclusion, NewProposal
from app.models.payloads import ProposalPayload
from app.models.statuses import Category, ProposalKind, ProposalStatus
from app.routers.api import USUAL, api_router
from app.routers.deps import (
    CurrentUser,
    PageCursor,
    PageLimit,
    TheDesk,
    TheHouse,
    json_body,
)
from app.services import decisions, proposals
from app.services.pages import Page


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
router = api_router("/events/{event_id}", "proposals", *USUAL)


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
