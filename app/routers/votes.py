"""Votes over HTTP, the hot path: a well-formed one is read here, and FastAPI answers the others."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from app.models.bodies import VoteBody
from app.models.callers import Caller
from app.models.payloads import VotePayload
from app.models.statuses import Choice, ProposalKind
from app.routers.api import USUAL, api_router
from app.routers.deps import Desk, current_user, maybe_caller, the_desk, the_house
from app.routers.guards import replayed
from app.routers.proposals import KINDS, Collection, InCollection
from app.services.tallies import Verb, VoteIntent

VERBS: Final = {"POST": Verb.CAST, "PUT": Verb.SET, "DELETE": Verb.TAKE_BACK}
CANONICAL: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class VotePlace:
    """Whose vote it is, and on what."""

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
    """Ask for what other routes get injected."""
    house = await the_house(request)
    voter = await current_user(await maybe_caller(request, house))
    desk = await the_desk(request, house, voter)
    return VotePlace(desk, voter, event_id, KINDS[collection], proposal_id)


class VoteRoute(APIRoute):
    """Reads a well-formed vote by itself: to have it resolved costs more than its transaction.

    Everything else goes FastAPI's way, which refuses it in the words of every other route; the
    document, too, is made from the signature of the endpoint.
    """

    def __init__(self, path: str, endpoint: Any, **declared: Any) -> None:
        super().__init__(path, endpoint, **declared)
        self._resolved, self.app = self.app, self._serve

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        verb = VERBS[request.method]
        try:
            choice = None if verb is Verb.TAKE_BACK else _choice(body)
            where = _where(**request.path_params)
        except ValueError:
            await self._resolved(scope, replayed(body, receive), send)
            return
        place = await vote_place(request, *where)
        response = await place.vote(verb, choice)
        await response(scope, receive, send)


def _choice(body: bytes) -> Choice:
    """Read the body of a vote. Raises ValidationError, a ValueError."""
    return VoteBody.model_validate_json(body).choice if body else VoteBody().choice


def _where(event_id: str, collection: str, proposal_id: str) -> tuple[UUID, Collection, UUID]:
    """Read the address of a vote. Raises ValueError unless its ids are written as we write them."""
    if not CANONICAL.fullmatch(event_id) or not CANONICAL.fullmatch(proposal_id):
        raise ValueError
    return UUID(event_id), Collection(collection), UUID(proposal_id)


Place = Annotated[VotePlace, Depends(vote_place)]
PATH: Final = "/{collection:collection}/{proposal_id}/votes"
router = api_router("/events/{event_id}", "proposals", *USUAL, route_class=VoteRoute)


@router.post(PATH, status_code=201, response_model=VotePayload)
async def cast_vote(place: Place, body: VoteBody | None = None) -> Response:
    return await place.vote(Verb.CAST, (body or VoteBody()).choice)


@router.put(PATH, response_model=VotePayload)
async def set_vote(place: Place, body: VoteBody | None = None) -> Response:
    return await place.vote(Verb.SET, (body or VoteBody()).choice)


@router.delete(PATH, response_model=VotePayload)
async def take_back_vote(place: Place) -> Response:
    return await place.vote(Verb.TAKE_BACK, None)
