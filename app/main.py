"""The front door: one function that puts the application together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from app.config import Settings
from app.config import settings as read_settings
from app.routers import (
    announcements,
    attachments,
    auth,
    ballots,
    briefs,
    comments,
    conversations,
    events,
    locks,
    me,
    memberships,
    notifications,
    operations,
    pages,
    presence,
    proposals,
    sketches,
    stream,
    votes,
    webhooks,
)
from app.routers.guards import BoundedJson, SameOrigin, SecurityHeaders
from app.routers.heads import Heads
from app.routers.problems import Problem, add_problem_handlers
from app.routers.traced import Traced
from app.services.draining import drained_before_stop
from app.services.house import House
from app.utils.logs import set_up_logs

# Votes come in storms, and the first router is asked first.
PARTS = (
    *(votes, proposals, stream, me, presence, events, conversations, attachments, ballots),
    *(comments, memberships, briefs, locks, sketches, announcements, webhooks),
    *(notifications, auth, operations),
)
SUMMARY = "A live decision room: propose, vote and decide together."


def create_app(settings: Settings | None = None) -> FastAPI:
    """Put the application together. Nothing is opened before its lifespan begins."""
    settings = settings or read_settings()
    set_up_logs(settings.log_format, settings.log_level)
    app = FastAPI(
        title="Assent",
        version="0.1.0",
        summary=SUMMARY,
        lifespan=_lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    _add_routes(app)
    add_problem_handlers(app)
    app.add_middleware(BoundedJson, max_body=settings.max_body, arrival=settings.arrival)
    app.add_middleware(SameOrigin)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Heads)
    app.add_middleware(Traced)
    _describe_problems(app)
    return app


def _add_routes(app: FastAPI) -> None:
    for part in PARTS:
        app.router.routes.extend(part.router.routes)
    app.router.routes.extend(operations.probes.routes)
    app.mount("/assets", pages.hashed_files())
    app.router.routes.extend(pages.router.routes)


def _describe_problems(app: FastAPI) -> None:
    """Put the problem document into the OpenAPI document, which routes refer to by name."""
    plain: Callable[[], dict[str, Any]] = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = document["components"]["schemas"]
        schemas.update(schema.pop("$defs", {}))
        schemas["Problem"] = schema
        return document

    app.openapi = openapi  # type: ignore[method-assign]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    house = app.state.house = House(app.state.settings)
    house.open()
    with drained_before_stop(house):
        yield
    await house.close()
