import os
from collections.abc import Iterator

import pytest

from app.config import Settings
from app.models.bodies import Entry
from app.services import accounts, demo
from app.services.entry import check_door
from app.services.house import House
from app.services.snapshots import read_shared
from tests.servers import TEMPLATE_URL, _drop, _name, _run
from tests.support.counts import assert_counted


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings with an empty database of their own."""
    template = request.config.stash[TEMPLATE_URL]
    url = f"{template}_{os.getpid()}_demo"
    _run(template, "CREATE DATABASE {} TEMPLATE {}", _name(url), _name(template))
    yield Settings(DATABASE_URL=url, REDIS_URL="")
    _drop(url)


async def test_the_demo_is_seeded_once_and_shows_the_way_in(settings: Settings) -> None:
    guide, again = await demo.seed_demo(settings), await demo.seed_demo(settings)
    assert guide == again
    assert guide is not None
    house = House(settings)
    try:
        door = await check_door(house.database, Entry(entrance_code=guide.entrance_code))
        for person in guide.people[:2]:
            await accounts.check_credentials(house.database, person.email, person.password)
        await assert_counted(house.database, door.id)
        async with house.database.read_consistently() as session:
            event = await read_shared(session, door.id)
    finally:
        await house.close()
    counts = event.counts
    assert (event.status, counts.members, counts.observers, counts.pending) == (
        "IN_PROGRESS",
        5,
        1,
        1,
    )
    assert {p.status for p in event.proposals} == {"PENDING"}
    assert sorted(c.comment_count for c in event.criteria) == [0, 0, 2]


async def test_there_is_no_demo_among_other_data(settings: Settings) -> None:
    house = House(settings)
    try:
        await house.lanes.write(
            None,
            lambda uow: accounts.create_admin(uow, "root@example.org", "Root", "none"),
            status=200,
            key=None,
        )
    finally:
        await house.close()
    assert await demo.seed_demo(settings) is None


async def test_each_installation_has_passwords_of_its_own() -> None:
    secrets = ("one secret of thirty-two characters", "another secret of enough characters")
    made = {demo._password(Settings(ASSENT_SECRET_KEY=secret)) for secret in secrets}
    assert len(made) == 2
