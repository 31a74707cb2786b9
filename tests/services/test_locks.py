import asyncio
from uuid import UUID

import orjson
import pytest

from app.models.errors import Conflict, DomainError, Locked
from app.services import blocks, locks
from app.services.locks import Locks
from app.services.viewers import Viewer
from app.utils.leases import Leases, LeasesUnknown
from tests.support.fold import Json
from tests.support.stage import Cast
from tests.support.writing import Brief

NOWHERE = "redis://127.0.0.1:1"
PATIENCE = 20


def held(error: DomainError) -> Json:
    assert isinstance(error.current, dict)
    return error.current


@pytest.fixture
async def block(brief: Brief, cast: Cast) -> Json:
    return await brief.add(cast.member, "One")


class Signals(list[Json]):
    """What everybody is told of locks."""

    def __init__(self) -> None:
        super().__init__()
        self.news = asyncio.Event()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self) < count:
                self.news.clear()
                await self.news.wait()


@pytest.fixture
def told(brief: Brief, monkeypatch: pytest.MonkeyPatch) -> Signals:
    signals = Signals()

    def keep(_event_id: UUID, frame: bytes) -> None:
        name, data = frame.decode().rstrip("\n").split("\n")
        assert name == "event: lock"
        signals.append(orjson.loads(data.removeprefix("data: ")))
        signals.news.set()

    monkeypatch.setattr(brief.hub, "signal", keep)
    return signals


@pytest.fixture(params=["redis", "memory"])
def either(request: pytest.FixtureRequest, brief: Brief) -> None:
    """Leases in Redis, and those of a process that is alone."""
    if request.param == "memory":
        brief.locks._leases = Leases("", 30.0)


async def refused(brief: Brief, block: Json, who: object) -> Json:
    with pytest.raises(Locked) as caught:
        await brief.take(who, block)  # type: ignore[arg-type]
    assert caught.value.code == "block_locked"
    assert caught.value.retry_after
    return held(caught.value)


@pytest.mark.usefixtures("either")
async def test_one_takes_it_and_others_see_who_and_how_long(
    brief: Brief, cast: Cast, block: Json, told: Signals
) -> None:
    tries = [brief.take(who, block) for who in cast.voters]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    (grant,) = [answer for answer in answers if isinstance(answer, dict)]
    losers = [answer for answer in answers if isinstance(answer, Locked)]
    assert (len(losers), grant["token"], grant["block"]) == (4, 1, block)
    for loser in losers:
        assert held(loser)["holder"] == grant["holder"]
        assert 0 < held(loser)["expires_in_ms"] <= 30_000
    assert [lock["holder"] for lock in told] == [grant["holder"]]
    (shown,) = (await brief.read())["locks"]
    assert (shown["block_id"], shown["holder"]) == (block["id"], grant["holder"])


@pytest.mark.usefixtures("either")
async def test_a_heartbeat_keeps_it_and_a_release_frees_it(
    brief: Brief, cast: Cast, block: Json, told: Signals
) -> None:
    grant, id_ = await brief.take(cast.member, block), UUID(block["id"])
    await brief.locks.renew(cast.member, brief.id, id_, grant["token"])
    for who, token in ((cast.member, 2), (cast.second, grant["token"])):
        with pytest.raises(Conflict, match="lock_lost"):
            await brief.locks.renew(who, brief.id, id_, token)
    await brief.locks.release(cast.member, brief.id, id_)
    await brief.locks.release(cast.member, brief.id, id_)
    assert [lock["holder"] and lock["holder"]["name"] for lock in told] == ["member"] * 2 + [None]
    assert (await brief.read())["locks"] == []
    assert (await brief.take(cast.second, block))["token"] == 2


@pytest.mark.usefixtures("either")
async def test_whoever_takes_their_own_again_overtakes_themselves(
    brief: Brief, cast: Cast, block: Json
) -> None:
    old, new = await brief.take(cast.member, block), await brief.take(cast.member, block)
    assert (old["token"], new["token"]) == (1, 2)
    await brief.meeting.refused(
        "lock_lost", blocks.commit_block, cast.member, *brief.edit(block, "Old", 1)
    )
    await brief.commit(cast.member, block, "New", 2)


async def test_a_token_is_its_holders_alone(brief: Brief, cast: Cast, block: Json) -> None:
    await brief.take(cast.member, block)
    for token in (1, 2):
        await brief.meeting.refused(
            "lock_lost", blocks.commit_block, cast.second, *brief.edit(block, "Not mine", token)
        )


async def test_a_commit_without_a_lock_waits_for_whoever_has_one(
    brief: Brief, cast: Cast, block: Json
) -> None:
    id_ = UUID(block["id"])
    await brief.take(cast.member, block)
    with pytest.raises(Locked):
        await brief.locks.guard(cast.second, brief.id, id_)
    guard = await brief.locks.guard(cast.member, brief.id, id_)
    await brief.do(blocks.commit_block, cast.member, *brief.edit(block, "Mine", None, guard))


async def test_who_was_overtaken_is_refused_though_the_version_is_right(
    brief: Brief, cast: Cast, block: Json
) -> None:
    """The lease ran out while its holder was asleep, and another has it now."""
    old = await brief.take(cast.member, block)
    await brief.leases.drop(brief.id, UUID(block["id"]))
    new = await brief.take(cast.second, block)
    error = await brief.meeting.refused(
        "lock_lost", blocks.commit_block, cast.member, *brief.edit(block, "Late", old["token"])
    )
    assert held(error)["text"] == "One"
    await brief.commit(cast.second, block, "In time", new["token"])


async def test_a_holder_whose_lease_ran_out_commits_where_nobody_came_between(
    brief: Brief, cast: Cast, block: Json
) -> None:
    grant = await brief.take(cast.member, block)
    await brief.leases.drop(brief.id, UUID(block["id"]))
    written = await brief.commit(cast.member, block, "Still mine", grant["token"])
    assert written["version"] == 2


async def test_a_grant_that_came_too_late_is_none(
    brief: Brief, cast: Cast, block: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process sleeps between its lease and its number; the lease runs out; another gets both."""
    plain, slept = locks.grant_token, False

    async def sleepy(*args: object) -> object:
        nonlocal slept
        if not slept:
            slept = True
            await brief.leases.drop(brief.id, UUID(block["id"]))
            await brief.take(cast.second, block)
        return await plain(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(locks, "grant_token", sleepy)
    assert (await refused(brief, block, cast.member))["holder"]["name"] == "second"
    await brief.commit(cast.second, block, "Mine", 1)


async def test_an_admin_breaks_a_lock_for_all_to_see(
    brief: Brief, cast: Cast, block: Json, told: Signals
) -> None:
    id_ = UUID(block["id"])
    await brief.take(cast.member, block)
    with pytest.raises(Locked):
        await brief.locks.release(cast.second, brief.id, id_)
    await brief.locks.release(cast.admin, brief.id, id_)
    assert told[-1]["broken_by"] == {"id": str(cast.admin.id), "name": "admin"}
    await brief.meeting.refused(
        "lock_lost", blocks.commit_block, cast.member, *brief.edit(block, "Late", 1)
    )
    assert (await brief.take(cast.second, block))["token"] == 3


async def test_who_may_not_write_takes_no_lock(brief: Brief, cast: Cast, block: Json) -> None:
    for who, code in ((cast.observer, "observers_do_not_vote"), (cast.outsider, "not_a_member")):
        with pytest.raises(DomainError, match=code):
            await brief.take(who, block)
    await brief.remove(cast.member, block)
    with pytest.raises(DomainError, match="block_not_found"):
        await brief.take(cast.member, block)


async def test_without_redis_locks_are_unknown_and_versions_decide(
    brief: Brief, cast: Cast, block: Json
) -> None:
    id_, lost = UUID(block["id"]), Leases(NOWHERE, 30.0)
    grant = await brief.take(cast.member, block)
    there, brief.locks = brief.locks, Locks(brief.database, lost, brief.hub)
    for _ in range(2):
        with pytest.raises(LeasesUnknown, match="locks_unknown"):
            await brief.take(cast.second, block)
    assert (await brief.read())["locks"] is None
    guard = await brief.locks.guard(cast.second, brief.id, id_)
    assert guard is None
    await brief.do(blocks.commit_block, cast.second, *brief.edit(block, "By version", None, guard))
    await brief.locks.let_go(cast.second, brief.id, id_, 1)
    await brief.meeting.refused(
        "block_changed", blocks.commit_block, cast.member, *brief.edit(block, "Late", 1)
    )
    brief.locks = there
    assert grant["token"] == 1
    await lost.close()


async def test_who_closes_their_last_stream_lets_go(
    brief: Brief, cast: Cast, block: Json, told: Signals
) -> None:
    other = await brief.add(cast.second, "Two")
    brief.leavers.start()
    viewers = [Viewer(brief.id, who.id, who.session_id, is_staff=False) for who in cast.voters[2:4]]
    for viewer in viewers:
        await brief.hub.enter(viewer)
    await brief.take(cast.member, block)
    await brief.take(cast.second, other)
    brief.hub.leave(viewers[0])
    await told.until(3)
    assert told[-1] == {
        "block_id": block["id"],
        "holder": None,
        "expires_in_ms": 0,
        "broken_by": None,
    }
    assert [lock["holder"]["name"] for lock in (await brief.read())["locks"]] == ["second"]
    brief.hub.leave(viewers[1])
    await told.until(4)
    assert (await brief.read())["locks"] == []


async def test_who_went_on_elsewhere_keeps_what_they_renew(
    brief: Brief, cast: Cast, block: Json
) -> None:
    """Their stream is in another process now: only their heartbeats say so."""
    await brief.take(cast.member, block)
    held_by = [(UUID(block["id"]), cast.member.id)]
    await brief.locks.drop_idle(brief.id, held_by, idle_ms=20_000)
    assert (await brief.read())["locks"]
    await brief.locks.drop_idle(brief.id, held_by, idle_ms=0)
    assert not (await brief.read())["locks"]
