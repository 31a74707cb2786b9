"""The demo event: a decision half made, so that a first visitor finds something to do."""

from base64 import b32encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

import orjson
import sqlalchemy as sa

from app.config import Settings
from app.models import Event, User
from app.models.bodies import Entry, NewEvent, NewProposal, PoliciesEdit, SignUp
from app.models.callers import Caller
from app.models.payloads import Payload
from app.models.statuses import (
    Category,
    Choice,
    EventStatus,
    ProposalKind,
    Role,
    SubjectType,
)
from app.services import (
    accounts,
    blocks,
    comments,
    entry,
    events,
    lifecycle,
    memberships,
    proposals,
)
from app.services.comments import Subject
from app.services.demo_brief import demo_blocks
from app.services.demo_talk import seed_talk
from app.services.house import House
from app.services.tallies import Verb, VoteIntent
from app.utils.security import derive, hash_password
from app.utils.transaction import UnitOfWork

P = ParamSpec("P")

CODE: Final = "ASSENT"
OWNER: Final = "dana@example.org"
PEOPLE: Final = {
    "Dana": "owner",
    "Minjun": "admin",
    "Aiko": "member",
    "Jonas": "member",
    "Priya": "member",
    "Sam": "observer",
    "Lena": "waiting to be let in",
}
EVENT: Final = NewEvent(
    subject="Where do we hold the spring retreat?",
    description="Thirty people, four days in April. Propose what we take for granted, how we "
    "judge, and what follows from it; then everybody casts a ballot.",
    options=["Jeju Island", "Busan, by the sea", "A farmhouse in Gangwon", "Stay in Seoul"],
    assumptions=["Everybody can travel on 14 April.", "The budget is 400,000 won a person."],
    criteria=["Time lost in travel", "Room to work together", "Something to remember"],
    capacity=30,
    entrance_code=CODE,
    policies=PoliciesEdit(membership_auto_approved=False),
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    password: str
    role: str


@dataclass(frozen=True, slots=True)
class DemoGuide:
    """How to get into the demo event."""

    entrance_code: str
    people: tuple[DemoPerson, ...]


async def seed_demo(settings: Settings) -> DemoGuide | None:
    """Make the demo event in an empty database; return the way in wherever it stands.

    None where there is data and no demo among it. The password is derived from the secret key, so
    that no two installations share it.
    """
    house = House(settings)
    password = _password(settings)
    try:
        if await _is_empty(house):
            await _Seed(house, password).run()
        elif not await _stands(house):
            return None
    finally:
        await house.close()
    people = tuple(DemoPerson(_email(name), password, role) for name, role in PEOPLE.items())
    return DemoGuide(CODE, people)


def _password(settings: Settings) -> str:
    secret = settings.secret_key.get_secret_value().encode()
    return b32encode(derive(secret, "demo"))[:10].decode().lower()


def _email(name: str) -> str:
    return f"{name.lower()}@example.org"


async def _is_empty(house: House) -> bool:
    async with house.database.read() as session:
        return not await session.scalar(sa.select(sa.select(User).exists()))


async def _stands(house: House) -> bool:
    demo = (
        sa.select(Event)
        .join(User, User.id == Event.owner_id)
        .where(Event.entrance_code == CODE, User.email == OWNER, Event.deleted_at.is_(None))
    )
    async with house.database.read() as session:
        return bool(await session.scalar(sa.select(demo.exists())))


class _Seed:
    """Walks the demo's people through the ordinary services: nothing is put in by the back door."""

    def __init__(self, house: House, password: str) -> None:
        self._house = house
        self._password = password
        self._people: dict[str, Caller] = {}

    async def run(self) -> None:
        for name in PEOPLE:
            self._people[name] = await self._sign_up(name)
        opened = await self._do(None, events.open_event, self._people["Dana"], EVENT, None)
        event_id = UUID(opened["id"])
        await self._fill_seats(event_id)
        dana = self._people["Dana"]
        await self._do(event_id, lifecycle.change_status, dana, event_id, EventStatus.IN_PROGRESS)
        for name, block in demo_blocks():
            await self._do(event_id, blocks.add_block, self._people[name], event_id, block)
        await self._propose_and_vote(event_id, opened)
        await self._discuss(event_id, opened)
        await seed_talk(self._do, self._people, event_id)

    async def _sign_up(self, name: str) -> Caller:
        hashed = await hash_password(self._password)
        body = SignUp(email=_email(name), password=self._password, name=name)
        signed = await self._do(None, accounts.sign_up, body, hashed, 30, "demo")
        caller = await self._house.callers.find(signed["token"])
        assert caller is not None
        return caller

    async def _fill_seats(self, event_id: UUID) -> None:
        dana = self._people["Dana"]
        body = Entry(entrance_code=CODE)
        for name, role in PEOPLE.items():
            if name == "Dana":
                continue
            door = await entry.check_door(self._house.database, body)
            member = await self._do(event_id, entry.enter, self._people[name], door)
            if role.startswith("waiting"):
                continue
            seat = UUID(member["id"])
            await self._do(event_id, memberships.do_to_membership, dana, event_id, seat, "approve")
            if role != "member":
                await self._do(
                    event_id, memberships.change_role, dana, event_id, seat, Role(role.upper())
                )

    async def _propose_and_vote(
        self, event_id: UUID, opened: dict[str, list[dict[str, str]]]
    ) -> None:
        assumption, criterion = opened["assumptions"][1], opened["criteria"][0]
        await self._propose(
            event_id,
            ProposalKind.ASSUMPTION,
            "Jonas",
            NewProposal(
                category=Category.MODIFICATION,
                target_id=UUID(assumption["id"]),
                content="The budget is 450,000 won a person, travel included.",
                reason="Last year's flights alone were 90,000.",
            ),
            {"Jonas": Choice.AGREE, "Aiko": Choice.AGREE, "Priya": Choice.DISAGREE},
        )
        await self._propose(
            event_id,
            ProposalKind.CRITERION,
            "Priya",
            NewProposal(
                category=Category.CREATION,
                content="Reachable without flying",
                reason="Four of us would rather not fly.",
            ),
            {"Priya": Choice.AGREE, "Minjun": Choice.ABSTAIN},
        )
        await self._propose(
            event_id,
            ProposalKind.CONCLUSION,
            "Aiko",
            NewProposal(
                category=Category.CREATION,
                target_id=UUID(criterion["id"]),
                content="Busan costs three hours each way, Jeju five, Gangwon two.",
            ),
            {"Aiko": Choice.AGREE},
        )

    async def _propose(
        self,
        event_id: UUID,
        kind: ProposalKind,
        author: str,
        wish: NewProposal,
        votes: dict[str, Choice],
    ) -> None:
        made = await self._do(
            event_id, proposals.propose, self._people[author], event_id, kind, wish
        )
        for name, choice in votes.items():
            intent = VoteIntent(self._people[name], kind, UUID(made["id"]), Verb.CAST, choice)
            await self._house.lanes.vote(event_id, intent)

    async def _discuss(self, event_id: UUID, opened: dict[str, list[dict[str, str]]]) -> None:
        about = Subject(SubjectType.CRITERION, UUID(opened["criteria"][1]["id"]))
        for name, words in (
            ("Minjun", "The farmhouse has one big table and no second room."),
            ("Aiko", "Busan's place has three rooms and a terrace."),
        ):
            await self._do(event_id, comments.say, self._people[name], event_id, about, words)

    async def _do(
        self,
        event_id: UUID | None,
        work: Callable[Concatenate[UnitOfWork, P], Awaitable[Payload]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Any:
        answer = await self._house.lanes.write(
            event_id, lambda uow: work(uow, *args, **kwargs), status=200, key=None
        )
        return orjson.loads(answer.body)
