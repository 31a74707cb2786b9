"""Whether this process should take traffic, and in words what is wrong with it."""

import asyncio
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from app.models.payloads import Payload
from app.services.house import House
from app.utils.failures import as_unavailable
from app.utils.patience import within
from app.utils.schema import REVISION, is_read_only, revision_of

# From this share of its bound on, a lane is worth a word.
CROWDED: Final = 0.5
# Seconds that a part may take to answer: whoever asks us waits no longer than this.
PATIENCE: Final = 3.0
AWAY: Final = ("unreachable", "unknown")


class Readiness(Payload):
    """Only what is not `ready` should take no traffic; a warning may stand beside `ready`.

    `bus` may be down: streams then lag by at most a second. `database` may be `read-only`: who is
    here goes on to look. `migrations` may be `newer` than this code during an upgrade.
    """

    status: str
    database: str
    migrations: str
    bus: str
    waiting_writes: int
    problems: list[str]
    warnings: list[str]

    @property
    def is_ready(self) -> bool:
        return not self.problems


async def examine(house: House) -> Readiness:
    """Ask every part."""
    (database, migrations), pong = await asyncio.gather(
        within(PATIENCE, _ask_database(house), AWAY), within(PATIENCE, house.bus.ping(), False)
    )
    bus = "ok" if pong else "unreachable"
    problems = _problems(house, database, migrations)
    return Readiness(
        status="draining" if not house.ready else "not ready" if problems else "ready",
        database=database,
        migrations=migrations,
        bus=bus,
        waiting_writes=house.lanes.depth,
        problems=problems,
        warnings=_warnings(house, database, migrations, bus),
    )


async def _ask_database(house: House) -> tuple[str, str]:
    try:
        async with house.database.read() as session:
            found = await revision_of(session)
            closed = await is_read_only(session)
    except SQLAlchemyError as error:
        if as_unavailable(error) is None:
            raise
        return AWAY
    age = "current" if found == REVISION else "newer" if found > REVISION else "behind"
    return "read-only" if closed else "ok", age


def _problems(house: House, database: str, migrations: str) -> list[str]:
    found = []
    if not house.ready:
        found.append("This process is stopping: its streams are sent away and its writes end.")
    if database == "unreachable":
        found.append("PostgreSQL does not answer: check DATABASE_URL, and that it runs.")
    if migrations == "behind":
        found.append("The schema is older than this code: run `assent migrate`.")
    return found


def _warnings(house: House, database: str, migrations: str, bus: str) -> list[str]:
    found = []
    if database == "read-only":
        found.append("PostgreSQL takes no changes: people can look, and nobody can write.")
    if bus != "ok":
        found.append("Redis does not answer: changes of other processes come within a second.")
    if migrations == "newer":
        found.append("The schema is newer than this code: finish the upgrade.")
    bound = house.settings.lane_bound
    if house.lanes.deepest > CROWDED * bound:
        found.append(f"{house.lanes.deepest} of at most {bound} writes wait in one event.")
    return found
