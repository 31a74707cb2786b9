"""Typing: told to whoever looks, now or never, and untrue by itself after six seconds."""

from uuid import UUID

from app.models.callers import Caller
from app.models.payloads import Person, TypingSignal
from app.services.hub import Hub
from app.services.talks import find_talk
from app.utils.db import Database
from app.utils.frames import named_frame


async def tell_typing(database: Database, hub: Hub, caller: Caller, conversation_id: UUID) -> None:
    """Tell the others that the caller is typing. Raises where the caller could say nothing."""
    async with database.read() as session:
        talk = await find_talk(session, conversation_id, caller)
    talk.require_open()
    who = Person(id=caller.id, name=caller.name)
    signal = TypingSignal(conversation_id=conversation_id, user=who)
    frame = named_frame("typing", signal.encode())
    if talk.event is not None:
        hub.signal(talk.event.id, frame)
    elif talk.other is not None:
        hub.inboxes.whisper(talk.other.id, frame)
