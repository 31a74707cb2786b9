"""How the routers of the API are declared: under `/api`, named, with the problems they answer."""

from typing import Final

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.routers.problems import problem_responses

ROOT: Final = "/api"
# What may be answered to whoever writes in an event.
USUAL: Final = (400, 401, 403, 404, 409, 422, 429, 503)


def api_router(
    prefix: str, tag: str, *problems: int, route_class: type[APIRoute] = APIRoute
) -> APIRouter:
    """Return a router whose routes stand in the application as they are.

    Each has its whole address, so that none is looked for through a router that is included in
    another: that was a tenth of what a vote costs.
    """
    return APIRouter(
        prefix=ROOT + prefix,
        tags=[tag],
        responses=problem_responses(*problems),
        route_class=route_class,
        generate_unique_id_function=_operation_id,
    )


def _operation_id(route: APIRoute) -> str:
    return route.name
