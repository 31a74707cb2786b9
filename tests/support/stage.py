"""What service tests share: a database, a small cast, and one event that is checked at every step.

Whatever is done through `Meeting` is followed by the same questions: do the changes lead from the
old snapshot to the fresh one, for everyone who watches; is the log without gaps; does every count
equal its rows.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from app.config import with_scheme
from app.models import User
from app.models.base import new_id, now
from app.models.bodies import BallotBody, Entry, NewEvent, NewProposal
from app.models.callers import Caller
from app.models.errors import DomainError, Forbidden, NotFound
from app.models.message_bodies import NewMessage
from app.models.payloads import Payload
from app.models.statuses import (
    Category,
    Choice,
    EventStatus,
    MembershipStatus,
    ProposalKind,
    ProposalStatus,
    Role,
)
from app.services import (
    ballots,
    decisions,
    entry,
    events,
    lifecycle,
    memberships,
    messages,
    proposals,
    reading,
)
from app.services.changes import PAGE, read_changes
from app.services.lanes import Lanes
from app.services.snapshots import Snapshots
from app.services.tallies import Verb, VoteIntent
from app.services.votes import Outcome, count_votes
from app.utils.db import Database
from app.utils.idempotency import Answer, RequestKey
from app.utils.transaction import UnitOfWork, unit_of_work
from tests.support.counts import assert_counted
from tests.support.fold import Json, fold_all, take_ballot, take_read, take_vote
from tests.support.recorder import Told

Work = Callable[..., Awaitable[Any]]
ROOMY = 50


@dataclass(frozen=True)
class Cast:
    """Six people who are in an event, and three who are not."""

    owner: Caller
    admin: Caller
    member: Caller
    second: Caller
    third: Caller
    observer: Caller
    outsider: Caller
    guest: Caller
    staff: Caller

    @property
    def voters(self) -> list[Caller]:
        return [self.owner, self.admin, self.member, self.second, self.third]


@dataclass
class Stage:
    """The parts of a house that services need."""

    database: Database
    told: Told
    lanes: Lanes

    async def people(self, *names: str) -> list[Caller]:
        """Make people at once. A `guest` has no account, `staff` runs the platform."""
        rows = [_person(name) for name in names]
        async with self.database.engine.begin() as connection:
            await connection.execute(sa.insert(User), rows)
        return [
            Caller(row["id"], row["name"], row["is_staff"], row["email"] is None, new_id())
            for row in rows
        ]

    async def write(
        self, event_id: UUID | None, work: Work, *args: Any, key: RequestKey | None = None
    ) -> Answer:
        """Run a service function in one unit of work, as a request does."""
        return await self.lanes.write(event_id, lambda uow: work(uow, *args), status=200, key=key)

    async def open(self, owner: Caller, **fields: Any) -> "Meeting":
        """Open an event that has not started, with nobody but its owner in it."""
        body = {"subject": "Where to?", "options": ["North", "South"], "capacity": ROOMY} | fields
        answer = await self.write(None, events.open_event, owner, NewEvent(**body), None)
        return Meeting(self, UUID(orjson.loads(answer.body)["id"]), owner)


def _person(name: str) -> dict[str, Any]:
    id_ = new_id()
    account = name != "guest"
    return {
        "id": id_,
        "name": name,
        "email": f"{id_}@example.org" if account else None,
        "password_hash": "none" if account else None,
        "is_staff": name == "staff",
        "created_at": now(),
    }


class Meeting:
    """One event on the stage."""

    def __init__(self, stage: Stage, event_id: UUID, owner: Caller) -> None:
        self.stage = stage
        self.id = event_id
        self.owner = owner
        self._watchers: dict[Caller, Json | None] = {owner: None}

    async def gather(self, cast: Cast) -> None:
        """Let everybody in, in one step, and watch with different eyes."""
        door = await self.door()

        async def come_in(uow: UnitOfWork) -> Payload:
            for who in (cast.admin, cast.member, cast.second, cast.third, cast.observer):
                came = await entry.enter(uow, who, door)
                role = {cast.admin: Role.ADMIN, cast.observer: Role.OBSERVER}.get(who)
                if role is not None:
                    await memberships.change_role(uow, self.owner, self.id, came.id, role)
            return came

        await self.stage.write(self.id, come_in)
        self.watch(cast.member, cast.observer)

    async def start(self) -> None:
        going = EventStatus.IN_PROGRESS
        await self.stage.write(self.id, lifecycle.change_status, self.owner, self.id, going)

    async def do(self, work: Work, who: Caller, *args: Any, key: RequestKey | None = None) -> Any:
        """Do something as somebody, and check the event; return the answer's JSON."""
        await self._look()
        answer = await self.stage.write(self.id, work, who, self.id, *args, key=key)
        await self.check()
        return orjson.loads(answer.body)

    async def refused(self, code: str, work: Work, who: Caller, *args: Any) -> DomainError:
        """Try something that is refused, and check that it left no trace."""
        before = await self.head()
        with pytest.raises(DomainError) as caught:
            await self.stage.write(self.id, work, who, self.id, *args)
        assert caught.value.code == code
        assert await self.head() == before
        return caught.value

    async def enter(self, who: Caller, *, observe: bool = False) -> Json:
        await self._look()
        come_in = partial(entry.enter, observe=observe)
        answer = await self.stage.write(self.id, come_in, who, await self.door())
        await self.check()
        return dict(orjson.loads(answer.body))

    async def door(self) -> Any:
        code = (await self.see(self.owner))["entrance_code"]
        return await entry.check_door(self.stage.database, Entry(entrance_code=code))

    async def vote(
        self,
        who: Caller,
        proposal: Json,
        choice: Choice | None = Choice.AGREE,
        verb: Verb = Verb.CAST,
        key: RequestKey | None = None,
    ) -> Json:
        await self._look()
        answer = await self.stage.lanes.vote(self.id, self.intent(who, proposal, choice, verb, key))
        vote: Json = orjson.loads(answer.body)
        await self.check(voted=[(who, vote)])
        return vote

    async def batch(self, *intents: VoteIntent) -> list[Outcome]:
        """Count votes in one unit of work."""
        await self._look()
        async with unit_of_work(self.stage.database, self.stage.told) as uow:
            outcomes = await count_votes(uow, self.id, intents)
        voted = [
            (intent.caller, orjson.loads(outcome.body))
            for intent, outcome in zip(intents, outcomes, strict=True)
            if isinstance(outcome, Answer) and not outcome.replayed
        ]
        await self.check(voted)
        return outcomes

    @staticmethod
    def intent(
        who: Caller,
        proposal: Json,
        choice: Choice | None = Choice.AGREE,
        verb: Verb = Verb.CAST,
        key: RequestKey | None = None,
    ) -> VoteIntent:
        kind = ProposalKind(proposal["kind"])
        return VoteIntent(who, kind, UUID(proposal["id"]), verb, choice, key)

    async def agree(self, proposal: Json, *people: Caller) -> None:
        for who in people:
            await self.vote(who, proposal)

    async def propose(
        self,
        who: Caller,
        kind: ProposalKind = ProposalKind.ASSUMPTION,
        category: Category = Category.CREATION,
        target: Json | None = None,
        content: str | None = "A thought",
    ) -> Json:
        wish = NewProposal(
            category=category,
            target_id=target and target["id"],
            content=None if category is Category.DELETION else content,
        )
        return dict(await self.do(proposals.propose, who, kind, wish))

    async def decide(
        self, admin: Caller, proposal: Json, verdict: ProposalStatus, reason: str | None = None
    ) -> Json:
        kind = ProposalKind(proposal["kind"])
        place = (kind, UUID(proposal["id"]), verdict, reason)
        return dict(await self.do(decisions.decide, admin, *place))

    async def cast_ballot(self, who: Caller, option: int = 0, *, again: bool = False) -> Json:
        event = await self.see(self.owner)
        body = BallotBody(
            option_id=event["options"][option]["id"],
            criterion_ids=[criterion["id"] for criterion in event["criteria"]],
        )
        await self._look()
        answer = await self.stage.lanes.write(
            self.id,
            lambda uow: ballots.cast_ballot(uow, who, self.id, body, again=again),
            status=201,
            key=None,
        )
        await self.check(balloted={who})
        return dict(orjson.loads(answer.body))

    async def say(self, who: Caller, content: str | None = "Hello", **more: Any) -> Json:
        """Say something in the event's conversation."""
        body = NewMessage(**{"id": new_id(), "content": content} | more)
        return dict(await self.do(messages.send, who, body))

    async def read_to(self, who: Caller, seq: int) -> Json:
        """Read the conversation up to a message."""
        await self._look()
        answer = await self.stage.write(None, reading.mark_read, who, self.id, seq)
        mark: Json = orjson.loads(answer.body)
        await self.check(marks={who: mark["seq"]})
        return mark

    async def move(self, status: EventStatus) -> Json:
        return dict(await self.do(lifecycle.change_status, self.owner, status))

    async def treat(self, deed: str, whom: Caller, by: Caller | None = None) -> Json:
        """Do one of the deeds of admins to somebody's membership."""
        seat = await self.seat(whom)
        return dict(await self.do(memberships.do_to_membership, by or self.owner, seat, deed))

    async def seat(self, who: Caller) -> UUID:
        """The id of somebody's membership."""
        return await self.row(
            "SELECT id FROM memberships WHERE event_id = :e AND user_id = :u", who
        )

    async def role(self, who: Caller) -> tuple[MembershipStatus, Role]:
        text = "SELECT (status, role)::text FROM memberships WHERE event_id = :e AND user_id = :u"
        status, role = (await self.row(text, who)).strip("()").split(",")
        return MembershipStatus(status), Role(role)

    async def row(self, text: str, who: Caller | None = None) -> Any:
        """One value of the database; `:e` is this event and `:u` that person."""
        names = {"e": self.id} | ({"u": who.id} if who else {})
        async with self.stage.database.read() as session:
            return await session.scalar(sa.text(text), names)

    async def head(self) -> int:
        return int(await self.row("SELECT seq FROM events WHERE id = :e"))

    async def see(self, who: Caller) -> Json:
        """The event as somebody sees it, read anew."""
        view = await Snapshots(self.stage.database).read(who, self.id)
        return dict(orjson.loads(view.encode()))

    async def changes(self, who: Caller, after: int = 0) -> list[Json]:
        """Every change after a number, as somebody may see it."""
        found: list[Json] = []
        while True:
            page = await read_changes(self.stage.database, who, self.id, after)
            found += orjson.loads(page.encode())["items"]
            if len(page.items) < PAGE:
                return found
            after = page.items[-1].seq

    def watch(self, *people: Caller) -> None:
        """Follow the event with the eyes of more people."""
        self._watchers.update(dict.fromkeys(people))

    async def _look(self) -> None:
        """Begin to watch where somebody does not yet."""
        for who, seen in self._watchers.items():
            if seen is None:
                self._watchers[who] = await self._peek(who)

    async def _peek(self, who: Caller) -> Json | None:
        try:
            return await self.see(who)
        except (Forbidden, NotFound):
            return None

    async def check(
        self,
        voted: Sequence[tuple[Caller, Json]] = (),
        balloted: Collection[Caller] = (),
        marks: Mapping[Caller, int] | None = None,
    ) -> None:
        """Ask everything that must hold after every committed write."""
        for who, seen in self._watchers.items():
            fresh = await self._peek(who)
            if seen is not None and fresh is not None:
                folded = fold_all(seen, await self.changes(who, seen["seq"]))
                for voter, vote in voted:
                    folded = take_vote(folded, vote) if voter == who else folded
                folded = take_ballot(folded) if who in balloted else folded
                folded = take_read(folded, (marks or {}).get(who, 0))
                assert folded == fresh, f"{who.name} folds something else"
            self._watchers[who] = fresh
        await assert_counted(self.stage.database, self.id)


@pytest.fixture(scope="session")
async def stage(database_url: str) -> AsyncIterator[Stage]:
    database = Database(with_scheme(database_url, "postgresql+psycopg"), 8)
    told = Told()
    lanes = Lanes(database, told, bound=1_000)
    yield Stage(database, told, lanes)
    await lanes.drain()
    await database.close()


@pytest.fixture
async def cast(stage: Stage) -> Cast:
    return Cast(*await stage.people(*(field.name for field in fields(Cast))))


@pytest.fixture
async def empty_meeting(stage: Stage, cast: Cast) -> Meeting:
    """An event that has not started, with its owner alone."""
    return await stage.open(cast.owner, criteria=["Cost", "Joy"], assumptions=["It is May"])


@pytest.fixture
async def gathering(empty_meeting: Meeting, cast: Cast) -> Meeting:
    """An event that has not started, with everybody in it."""
    await empty_meeting.gather(cast)
    return empty_meeting


@pytest.fixture
async def meeting(gathering: Meeting) -> Meeting:
    """An event that goes on, with everybody in it."""
    await gathering.start()
    return gathering
