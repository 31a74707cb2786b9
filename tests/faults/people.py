"""The people of a storm. Each does one thing after another and writes down what came of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import httpx2

from tests.faults.history import Answer, Deed, History, Look, Sight, Watch
from tests.support.client import Json, Person
from tests.support.rooms import Room
from tests.support.sse import Frame, open_line

CHOICES = ("AGREE", "DISAGREE", "ABSTAIN")
ATTEMPTS = 4
GONE = {401, 403, 404}
Result = TypeVar("Result")


class Cut(Exception):
    """Somebody cut this line."""


@dataclass
class Storm:
    """What the people of one storm share."""

    history: History
    room: Room
    chance: Random
    busy: bool = True
    proposals: dict[str, str] = field(default_factory=dict)
    flying: set["asyncio.Future[Any]"] = field(default_factory=set)
    reading: dict[str, asyncio.Event] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    words: int = 0

    def word(self, who: str) -> str:
        """Return something that nobody said before."""
        self.words += 1
        return f"{who}-{self.words}"

    async def breathe(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.0, 0.2))

    async def cuttable(self, work: Awaitable[Result]) -> Result:
        """Await something that the nemesis may cut off. Raises Cut."""
        flight = asyncio.ensure_future(work)
        self.flying.add(flight)
        try:
            await asyncio.wait({flight})
        finally:
            self.flying.discard(flight)
            flight.cancel()
        if flight.cancelled():
            raise Cut
        return flight.result()

    async def do(
        self, person: Person, who: str, verb: str, what: Json, method: str, path: str, body: Any
    ) -> Deed:
        """Do something, and try again with the same key while nobody knows what came of it."""
        key = str(UUID(int=self.chance.getrandbits(128), version=4))
        deed = Deed(self.history.tick(), who, verb, what, key, method, path, body)
        self.history.deeds.append(deed)
        for _ in range(self.chance.randint(1, ATTEMPTS)):
            if await self.attempt(person, deed):
                break
            await self.breathe()
        return deed

    async def attempt(self, person: Person, deed: Deed) -> bool:
        """Send it once; tell whether it was answered."""
        body = {} if deed.body is None else {"body": deed.body}
        sending = person.send(deed.method, deed.path, **body, key=deed.key)
        try:
            response = await self.cuttable(sending)
        except (httpx2.TransportError, Cut) as error:
            deed.lost.append(type(error).__name__)
            return False
        if response.status_code >= 500:
            deed.lost.append(f"{response.status_code} {response.json().get('code')}")
            return False
        deed.answers.append(_answer(self.history.tick(), response))
        return True


def _answer(at: int, response: httpx2.Response) -> Answer:
    epoch, _, seq = response.headers.get("x-event-seq", "").rpartition(".")
    replayed = response.headers.get("idempotency-replayed") == "true"
    number = int(seq) if seq else None
    return Answer(at, response.status_code, response.content, epoch or None, number, replayed)


@dataclass
class Voter:
    """Votes, proposes and comments. Leaves alone whatever nobody knows the outcome of."""

    storm: Storm
    person: Person
    who: str
    votes: dict[str, str] = field(default_factory=dict)
    shunned: set[str] = field(default_factory=set)

    async def live(self) -> None:
        steps: tuple[Callable[[], Awaitable[None]], ...] = (self.vote, self.comment, self.propose)
        while self.storm.busy:
            (step,) = self.storm.chance.choices(steps, (80, 12, 8))
            await step()
            await self.storm.breathe()

    async def vote(self) -> None:
        open_ = [proposal for proposal in self.storm.proposals if proposal not in self.shunned]
        if not open_:
            return
        chance = self.storm.chance
        proposal = chance.choice(open_[-12:])
        before = self.votes.get(proposal)
        others = [choice for choice in CHOICES if choice != before]
        choice = None if before and chance.random() < 0.2 else chance.choice(others)
        method = "DELETE" if choice is None else "PUT" if before else "POST"
        what = {"voter": self.person.id, "proposal": proposal, "choice": choice}
        collection = self.storm.proposals[proposal]
        path = f"{self.storm.room.path}/{collection}/{proposal}/votes"
        body = None if choice is None else {"choice": choice}
        deed = await self.storm.do(self.person, self.who, "vote", what, method, path, body)
        if not deed.is_done:
            if deed.lost or (deed.told and deed.told.json.get("code") == "proposal_decided"):
                self.shunned.add(proposal)
        elif choice is None:
            del self.votes[proposal]
        else:
            self.votes[proposal] = choice

    async def comment(self) -> None:
        word = self.storm.word(self.who)
        what = {"voter": self.person.id, "word": word}
        path = f"{self.storm.room.path}/comments"
        await self.storm.do(self.person, self.who, "comment", what, "POST", path, {"content": word})

    async def propose(self) -> None:
        collection = self.storm.chance.choice(("assumption-proposals", "criteria-proposals"))
        word = self.storm.word(self.who)
        what = {"voter": self.person.id, "word": word}
        path = f"{self.storm.room.path}/{collection}"
        body = {"category": "CREATION", "content": word}
        deed = await self.storm.do(self.person, self.who, "propose", what, "POST", path, body)
        if deed.is_done and deed.told:
            self.storm.proposals[deed.told.json["id"]] = collection


@dataclass
class Admin:
    """Decides, pauses, writes the description anew, and sends somebody out now and then."""

    storm: Storm
    person: Person
    who: str
    victims: list[str] = field(default_factory=list)

    async def live(self) -> None:
        steps = (self.decide, self.decide, self.describe, self.pause, self.ban)
        while self.storm.busy:
            await self.storm.chance.choice(steps)()
            await asyncio.sleep(self.storm.chance.uniform(0.1, 0.5))

    async def _do(self, verb: str, what: Json, path: str, body: Any) -> Deed:
        path = f"{self.storm.room.path}{path}"
        return await self.storm.do(self.person, self.who, verb, what, "PATCH", path, body)

    async def decide(self) -> None:
        manual = [p for p, kind in self.storm.proposals.items() if kind[0] == "a"]
        if len(manual) > 6:
            verdict = self.storm.chance.choice(("ACCEPTED", "REJECTED"))
            path = f"/assumption-proposals/{manual[0]}/status"
            what = {"proposal": manual[0], "verdict": verdict}
            await self._do("decide", what, path, {"status": verdict})
            self.storm.proposals.pop(manual[0], None)

    async def describe(self) -> None:
        word = self.storm.word(self.who)
        await self._do("describe", {"text": word}, "", {"description": word})

    async def pause(self) -> None:
        await self._do("pause", {}, "/status", {"status": "PAUSED"})
        while self.storm.busy:
            await self.storm.breathe()
            deed = await self._do("go on", {}, "/status", {"status": "IN_PROGRESS"})
            if deed.told is not None:
                return

    async def ban(self) -> None:
        if self.victims and self.storm.chance.random() < 0.5:
            victim = self.victims.pop()
            await self._do("ban", {"membership": victim}, f"/memberships/{victim}/ban", None)

    async def end_pause(self) -> None:
        """Let the event go on, whatever an unanswered pause left behind."""
        await self.person.send("PATCH", f"{self.storm.room.path}/status", {"status": "IN_PROGRESS"})


@dataclass
class Joiners:
    """Guests who come in, one after another, until there is no place and after it."""

    storm: Storm
    who: str
    people: list[Json] = field(default_factory=list)

    async def live(self) -> None:
        nobody = self.storm.room.owner.api.nobody()
        while self.storm.busy:
            word = self.storm.word(self.who)
            body = {"name": word, "entrance_code": self.storm.room.code}
            what = {"word": word}
            await self.storm.do(nobody, self.who, "join", what, "POST", "/auth/guest", body)
            await asyncio.sleep(self.storm.chance.uniform(0.1, 0.4))


@dataclass
class Watcher:
    """Looks on, and comes back after the last number wherever the line breaks."""

    storm: Storm
    person: Person
    watch: Watch
    cursor: str | None = None
    seq: int = -1

    def __post_init__(self) -> None:
        self.storm.history.watches.append(self.watch)
        self.storm.reading[self.watch.who] = asyncio.Event()
        self.storm.reading[self.watch.who].set()

    async def live(self) -> None:
        while not self.watch.over:
            look = Look(self.storm.history.tick(), self.cursor)
            self.watch.looks.append(look)
            try:
                await self.storm.cuttable(self._look(look))
            except (httpx2.TransportError, TimeoutError, Cut):
                look.status = look.status or -1
            self.storm.news.set()
            await self.storm.breathe()

    async def _look(self, look: Look) -> None:
        async with open_line(self.person, self.storm.room.id, self.cursor) as line:
            look.status = line.response.status_code
            if look.status in GONE:
                self.watch.over = str(look.status)
            if look.status != httpx2.codes.OK:
                return
            while (frame := await line.next()) is not None:
                self._see(look, frame)
                await self.storm.reading[self.watch.who].wait()

    def _see(self, look: Look, frame: Frame) -> None:
        epoch, _, seq = (frame.id or "").rpartition(".")
        data = frame.json if frame.data else None
        number = int(seq) if seq else None
        if frame.is_change or frame.event:
            sight = Sight(self.storm.history.tick(), frame.event, epoch or None, number, data)
            look.sights.append(sight)
        if frame.event == "revoked":
            self.watch.over = frame.json["reason"]
        self.cursor = frame.id or self.cursor
        self.seq = self.seq if number is None else number
        self.storm.news.set()
