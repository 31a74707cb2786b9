"""Lanes under thousands of schedules: whoever gives up, whatever breaks, and whenever it ends."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from typing_extensions import override

from app.models.callers import Caller
from app.models.errors import Conflict, DomainError, Unavailable
from app.models.statuses import Choice, ProposalKind
from app.services.jobs import BATCH, Work
from app.services.lanes import Lanes
from app.services.tallies import Verb, VoteIntent
from app.services.votes import Outcome
from app.utils.idempotency import Answer, RequestKey
from app.utils.transaction import OutcomeUnknown
from tests.support.clockwork import Clockwork

EVENTS = [UUID(int=n) for n in range(1, 4)]
BOUND = 12
SCHEDULES = 150


class Poison(Exception):
    """A write that breaks whatever it is written with."""


@dataclass
class Book:
    """What was written: in which event, in which order, and how many at the same time."""

    loop: Clockwork
    written: dict[UUID | None, list[int]] = field(default_factory=dict)
    inside: Counter[UUID | None] = field(default_factory=Counter)
    largest: int = 0


class Bench(Lanes):
    """Lanes whose transactions are drawn: slow, refused, broken, or of unknown outcome."""

    def __init__(self, book: Book) -> None:
        nothing: Any = None
        super().__init__(nothing, nothing, BOUND)
        self.book = book

    @override
    async def _count(self, event_id: UUID, intents: Sequence[VoteIntent]) -> Sequence[Outcome]:
        numbers = [intent.proposal_id.int for intent in intents]
        self.book.largest = max(self.book.largest, len(numbers))
        await self._transact(event_id, numbers)
        return [
            Conflict("odd", "Refused.") if number % 7 == 3 else Answer(201, b"%d" % number)
            for number in numbers
        ]

    @override
    async def _perform(self, work: Work, status: int, key: RequestKey | None) -> Answer:
        place: Any = work
        event_id, number = place
        await self._transact(event_id, [number])
        return Answer(status, b"%d" % number)

    async def _transact(self, event_id: UUID | None, numbers: list[int]) -> None:
        book, chance = self.book, self.book.loop.chance
        book.inside[event_id] += 1
        assert event_id is None or book.inside[event_id] == 1, "two transactions in one event"
        try:
            await asyncio.sleep(chance.choice((0, chance.uniform(0, 0.1))))
            if any(number % 11 == 5 for number in numbers):
                raise Poison
            book.written.setdefault(event_id, []).extend(numbers)
            if chance.random() < 0.03:
                raise OutcomeUnknown
            await asyncio.sleep(chance.choice((0, chance.uniform(0, 0.1))))
        finally:
            book.inside[event_id] -= 1


@dataclass
class Storm:
    lanes: Bench
    book: Book
    entered: dict[UUID, list[int]] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)

    async def ask(self, number: int, event_id: UUID, *, patient: bool) -> None:
        """Write or vote, and note what was told; the impatient go away before that."""
        asking = asyncio.ensure_future(self._send(number, event_id))
        if not patient:
            await asyncio.sleep(self.book.loop.chance.uniform(0, 0.1))
            asking.cancel()
        try:
            answer = await asking
        except asyncio.CancelledError:
            self.told[number] = "gone"
        except Unavailable as refusal:
            self.told[number] = refusal.code
        except DomainError:
            self.told[number] = "refused"
        except Poison:
            self.told[number] = "broken"
        else:
            assert answer.body == b"%d" % number
            self.told[number] = "done"

    async def _send(self, number: int, event_id: UUID) -> Answer:
        waiting = self.lanes._lanes.get(event_id)
        if waiting is None or len(waiting.waiting) < BOUND:
            self.entered.setdefault(event_id, []).append(number)
        if number % 3:
            intent = VoteIntent(
                Caller(UUID(int=1), "A", False, True, UUID(int=2)),
                ProposalKind.ASSUMPTION,
                UUID(int=number),
                Verb.CAST,
                Choice.AGREE,
            )
            return await self.lanes.vote(event_id, intent)
        work: Any = (event_id, number)
        return await self.lanes.write(event_id, work, status=200, key=None)


async def _storm(storm: Storm) -> None:
    chance = storm.book.loop.chance
    asking = []
    for number in range(60):
        patient = chance.random() < 0.8
        event = chance.choice(EVENTS)
        asking.append(asyncio.create_task(storm.ask(number, event, patient=patient)))
        if chance.random() < 0.4:
            await asyncio.sleep(chance.uniform(0, 0.05))
        assert storm.lanes.deepest <= BOUND
    if chance.random() < 0.5:
        # While it ends, nothing is taken any more, and everything that was taken is done.
        await storm.lanes.drain()
        with pytest.raises(Unavailable, match="restarting"):
            await storm._send(999, EVENTS[0])
        for numbers in storm.entered.values():
            with suppress(ValueError):
                numbers.remove(999)
    await asyncio.gather(*asking)
    await storm.lanes.drain()


def _judge(storm: Storm) -> None:
    assert storm.lanes.depth == 0
    assert not storm.lanes._lanes
    assert storm.book.largest <= BATCH
    written = [number for numbers in storm.book.written.values() for number in numbers]
    assert len(written) == len(set(written)), "written twice"
    for number, told in storm.told.items():
        assert (told in {"done", "refused"}) <= (number in written), (number, told)
        assert (told in {"broken", "event_busy", "shutting_down"}) <= (number not in written)
        assert (told == "broken") <= (number % 11 == 5)
    for event_id, numbers in storm.book.written.items():
        assert event_id is not None
        order = [number for number in storm.entered[event_id] if number in numbers]
        assert numbers == order, "not in the order of arrival"


@pytest.mark.parametrize("first", range(0, 8 * SCHEDULES, SCHEDULES))
def test_writes_are_done_once_and_in_their_order(first: int) -> None:
    for seed in range(first, first + SCHEDULES):
        loop = Clockwork(seed)
        book = Book(loop)
        storm = Storm(Bench(book), book)
        try:
            loop.play(_storm(storm))
            _judge(storm)
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise
