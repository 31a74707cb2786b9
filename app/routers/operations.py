"""For whoever runs Assent: is it alive, is it ready, how is it doing."""

from fastapi import APIRouter, Response

from app.models.payloads import Payload
from app.routers.api import api_router
from app.routers.deps import TheHouse
from app.services.readiness import Readiness, examine
from app.utils import metrics as instruments

router = api_router("", "operations")
# Probes ask at the root.
probes = APIRouter(include_in_schema=False)


class Health(Payload):
    status: str


@probes.get("/healthz")
@router.get("/healthz")
async def healthz() -> Health:
    return Health(status="ok")


@probes.get("/readyz", responses={503: {"model": Readiness}})
@router.get("/readyz", responses={503: {"model": Readiness}})
async def readyz(house: TheHouse, response: Response) -> Readiness:
    readiness = await examine(house)
    if not readiness.is_ready:
        response.status_code = 503
    return readiness


@probes.get("/metrics", response_class=Response)
@router.get("/metrics", response_class=Response)
async def metrics(house: TheHouse) -> Response:
    house.vitals.look()
    await house.vitals.ask_database()
    exposed = instruments.expose(house.settings.metrics_dir)
    return Response(exposed, headers={"Content-Type": instruments.MEDIA_TYPE})
