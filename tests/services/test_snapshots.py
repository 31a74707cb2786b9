import asyncio
from uuid import UUID

import orjson
import pytest

from app.models.errors import Forbidden, NotFound
from app.models.statuses import Category, ProposalKind, ProposalStatus, Role
from app.services import comments, events, memberships, snapshots
from app.services.comments import Subject
from app.services.snapshots import Snapshots
from app.utils.db import Database
from tests.support.fold import Json
from tests.support.recorder import recorded
from tests.support.stage import Cast, Meeting


@pytest.fixture
def kept(meeting: Meeting) -> Snapshots:
    return Snapshots(meeting.stage.database)


async def look(kept: Snapshots, meeting: Meeting, cast: Cast, name: str = "owner") -> Json:
    view = await kept.read(getattr(cast, name), meeting.id)
    return dict(orjson.loads(view.encode()))


async def test_a_snapshot_is_never_older_than_the_question(
    kept: Snapshots, meeting: Meeting, cast: Cast
) -> None:
    for round_ in range(1, 4):
        await meeting.propose(cast.member)
        event = await look(kept, meeting, cast)
        assert (event["seq"], len(event["proposals"])) == (await meeting.head(), round_)


async def test_who_asks_at_one_number_shares_one_reading(
    kept: Snapshots, meeting: Meeting, cast: Cast
) -> None:
    with recorded(meeting.stage.database.engine) as statements:
        views = await asyncio.gather(*(kept.read(cast.member, meeting.id) for _ in range(10)))
    assert len({id(view.shared) for view in views}) == 1
    readings = [
        text for text, _ in statements if "FROM proposals" in text and "FROM proposal_v" not in text
    ]
    assert len(readings) == 1


async def test_nobody_shares_what_is_their_own(
    kept: Snapshots, meeting: Meeting, cast: Cast
) -> None:
    proposal = await meeting.propose(cast.owner)
    await meeting.vote(cast.member, proposal)
    mine, theirs = [await look(kept, meeting, cast, name) for name in ("member", "second")]
    assert mine["me"]["votes"] == {proposal["id"]: "AGREE"}
    assert theirs["me"]["votes"] == {}
    mine.pop("me"), theirs.pop("me")
    assert mine == theirs


@pytest.mark.parametrize("name", ["outsider", "guest"])
async def test_strangers_see_nothing(
    kept: Snapshots, meeting: Meeting, cast: Cast, name: str
) -> None:
    await look(kept, meeting, cast)
    with pytest.raises(Forbidden, match="not_a_member"):
        await look(kept, meeting, cast, name)


async def test_whoever_is_sent_out_sees_nothing_more(
    kept: Snapshots, meeting: Meeting, cast: Cast
) -> None:
    await look(kept, meeting, cast, "member")
    await meeting.treat("ban", cast.member)
    with pytest.raises(Forbidden, match="membership_banned"):
        await look(kept, meeting, cast, "member")


async def test_a_deleted_event_is_not_shown_from_memory(
    kept: Snapshots, meeting: Meeting, cast: Cast
) -> None:
    await look(kept, meeting, cast)
    await meeting.do(events.delete_event, cast.owner)
    with pytest.raises(NotFound):
        await look(kept, meeting, cast)


async def test_staff_look_in_without_a_membership(
    kept: Snapshots, meeting: Meeting, cast: Cast
) -> None:
    view = await kept.read(cast.staff, meeting.id)
    assert (view.me.membership, view.admin) == (None, True)


async def test_deleted_things_are_not_listed(meeting: Meeting, cast: Cast) -> None:
    event = await meeting.see(cast.owner)
    target = event["criteria"][0]
    wish = (ProposalKind.CRITERION, Category.DELETION, target)
    proposal = await meeting.propose(cast.owner, *wish)
    await meeting.decide(cast.owner, proposal, ProposalStatus.ACCEPTED)
    criteria = (await meeting.see(cast.owner))["criteria"]
    assert target["id"] not in [criterion["id"] for criterion in criteria]


class Interrupted(Snapshots):
    """Lets something happen between one's own part of a snapshot and the shared one."""

    def __init__(self, database: Database, between: asyncio.Event, go: asyncio.Event) -> None:
        super().__init__(database)
        self._between, self._go = between, go

    async def _at_least(self, event_id: UUID, epoch: UUID, seq: int) -> snapshots.Shared:
        self._between.set()
        await self._go.wait()
        return await super()._at_least(event_id, epoch, seq)


async def test_ones_own_part_is_not_older_than_the_rest(meeting: Meeting, cast: Cast) -> None:
    proposal = await meeting.propose(cast.owner)
    await meeting.vote(cast.member, proposal)
    between, go = asyncio.Event(), asyncio.Event()
    slow = Interrupted(meeting.stage.database, between, go)
    reading = asyncio.create_task(slow.read(cast.member, meeting.id))
    await between.wait()
    seat = await meeting.seat(cast.member)
    await meeting.do(memberships.change_role, cast.owner, seat, Role.OBSERVER)
    go.set()
    view = await reading
    assert view.shared.seq == await meeting.head()
    assert orjson.loads(view.encode()) == await meeting.see(cast.member)


async def test_a_right_that_was_lost_meanwhile_is_lost(meeting: Meeting, cast: Cast) -> None:
    between, go = asyncio.Event(), asyncio.Event()
    slow = Interrupted(meeting.stage.database, between, go)
    reading = asyncio.create_task(slow.read(cast.member, meeting.id))
    await between.wait()
    await meeting.treat("kick", cast.member)
    go.set()
    with pytest.raises(Forbidden, match="membership_left"):
        await reading


async def test_old_events_are_forgotten(
    meeting: Meeting, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "KEPT", 1)
    kept = Snapshots(meeting.stage.database)
    other = await meeting.stage.open(cast.owner)
    for event in (meeting, other):
        await kept.read(cast.owner, event.id)
    assert list(kept._shared) == [other.id]


async def test_counts_of_comments_come_with_it(meeting: Meeting, cast: Cast) -> None:
    await meeting.do(comments.say, cast.member, Subject.parse("event"), "Hm")
    assert (await meeting.see(cast.owner))["comment_count"] == 1
