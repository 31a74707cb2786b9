"""What the demo's people say to one another: in the event, and two of them alone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.models.base import new_id
from app.models.callers import Caller
from app.models.message_bodies import NewMessage
from app.services import conversations, messages


@dataclass(frozen=True, slots=True)
class Saying:
    """`to` is the place of the saying that it answers."""

    who: str
    words: str
    to: int | None = None


EVENT_TALK: Final = (
    Saying("Dana", "Welcome! Ballots stay open until Friday, and nothing is booked yet."),
    Saying("Jonas", "I asked around: last year the flights alone were 90,000 won a person."),
    Saying("Aiko", "Then Busan by train looks better to me. @Priya you had a timetable?"),
    Saying("Priya", "Two and a half hours, a train every thirty minutes.", to=2),
    Saying("Minjun", "강원도 농가는 지금 예약하면 15% 할인이에요."),
    Saying("Aiko", "Good to know. Does it have a second room to work in?", to=4),
)
PAIR: Final = ("Priya", "Dana")
PAIR_TALK: Final = (
    Saying("Priya", "Can I bring my daughter along for the last day?"),
    Saying("Dana", "Of course. I will count her in."),
)

Do = Callable[..., Awaitable[Any]]


async def seed_talk(do: Do, people: dict[str, Caller], event_id: UUID) -> None:
    """Have everything said, in its order."""
    await _say_all(do, people, event_id, EVENT_TALK)
    one, other = (people[name] for name in PAIR)
    pair = await do(None, conversations.open_direct, one, other.id)
    await _say_all(do, people, UUID(pair["id"]), PAIR_TALK)


async def _say_all(
    do: Do, people: dict[str, Caller], conversation_id: UUID, sayings: tuple[Saying, ...]
) -> None:
    said: list[UUID] = []
    for saying in sayings:
        answered = None if saying.to is None else said[saying.to]
        body = NewMessage(id=new_id(), content=saying.words, reply_to=answered)
        said.append(body.id)
        await do(conversation_id, messages.send, people[saying.who], conversation_id, body)
