"""For whoever runs Assent: is it alive, is it ready, how is it doing."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from app.models.payloads import Payload
from app.routers.deps import TheHouse
from app.utils.db import as_unavailable

router = APIRouter(tags=["operations"])

STREAMS = Gauge("assent_open_streams", "Open streams of this process")
WAITING = Gauge("assent_waiting_writes", "Writes that wait in the lanes of this process")


class Health(Payload):
    status: str


class Readiness(Payload):
    """`bus` may be down: streams then lag by at most a second."""

    status: str
    database: str
    bus: str


@router.get("/healthz")
async def healthz() -> Health:
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Readiness}})
async def readyz(house: TheHouse, response: Response) -> Readiness:
    database = await _database(house)
    bus = "ok" if await house.bus.ping() else "unreachable"
    ready = house.ready and database == "ok"
    if not ready:
        response.status_code = 503
    status = "ready" if ready else "draining" if database == "ok" else "not ready"
    return Readiness(status=status, database=database, bus=bus)


@router.get("/metrics", response_class=Response)
async def metrics(house: TheHouse) -> Response:
    STREAMS.set(house.hub.streams)
    WAITING.set(house.lanes.depth)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


async def _database(house: TheHouse) -> str:
    try:
        await house.database.ping()
    except SQLAlchemyError as error:
        if as_unavailable(error) is None:
            raise
        return "unreachable"
    return "ok"
