"""Conversations over HTTP: mine, what is said in them, how far it was read, and who is typing."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.models.message_bodies import MessageEdit, NewConversation, NewMessage, ReadEdit
from app.models.payloads import (
    ConversationPayload,
    MessagePayload,
    MessagesPage,
    ReadersPayload,
    ReadPayload,
)
from app.routers.api import USUAL, api_router
from app.routers.deps import CurrentUser, PageCursor, PageLimit, TheDesk, TheHouse, json_body
from app.services import conversations, messages, reading, transcript, typing_signals
from app.services.pages import Page
from app.utils.limits import TYPING

router = api_router("/conversations", "conversations", *USUAL)

Number = Annotated[int | None, Query(ge=0, le=2**62, description="the number of a message")]


@router.get("", response_model=Page[ConversationPayload])
async def list_conversations(
    house: TheHouse, user: CurrentUser, cursor: PageCursor = None, limit: PageLimit = 50
) -> Response:
    """List the conversations of my events and people, last spoken in first."""
    return json_body(await conversations.list_conversations(house.database, user, cursor, limit))


@router.post(
    "",
    status_code=201,
    response_model=ConversationPayload,
    responses={200: {"model": ConversationPayload, "description": "It was there already"}},
)
async def open_conversation(desk: TheDesk, user: CurrentUser, body: NewConversation) -> Response:
    """Open the conversation with one person; there is one, whoever asks and how often."""
    return await desk.write(201, None, conversations.open_direct, user, body.user_id)


@router.get("/{conversation_id}", response_model=ConversationPayload)
async def read_conversation(house: TheHouse, user: CurrentUser, conversation_id: UUID) -> Response:
    return json_body(await conversations.read_conversation(house.database, user, conversation_id))


@router.get("/{conversation_id}/messages", response_model=MessagesPage)
async def list_messages(
    house: TheHouse,
    user: CurrentUser,
    conversation_id: UUID,
    before: Number = None,
    after: Number = None,
    limit: PageLimit = 50,
) -> Response:
    """Page through what was said, by number; the newest page where neither end is given."""
    return json_body(
        await transcript.list_messages(house.database, user, conversation_id, before, after, limit)
    )


@router.post(
    "/{conversation_id}/messages",
    status_code=201,
    response_model=MessagePayload,
    responses={200: {"model": MessagePayload, "description": "It was sent before"}},
)
async def send_message(
    desk: TheDesk, user: CurrentUser, conversation_id: UUID, body: NewMessage
) -> Response:
    """Say something. The same `id` again, by the same person, is the same message."""
    # A conversation has a lane, as its event has: the same one where it is an event's.
    return await desk.write(201, conversation_id, messages.send, user, conversation_id, body)


@router.patch("/{conversation_id}/messages/{message_id}", response_model=MessagePayload)
async def edit_message(
    desk: TheDesk, user: CurrentUser, conversation_id: UUID, message_id: UUID, body: MessageEdit
) -> Response:
    place = (conversation_id, message_id, body.content)
    return await desk.write(200, conversation_id, messages.edit, user, *place)


@router.delete("/{conversation_id}/messages/{message_id}", response_model=MessagePayload)
async def delete_message(
    desk: TheDesk, user: CurrentUser, conversation_id: UUID, message_id: UUID
) -> Response:
    place = (conversation_id, message_id)
    return await desk.write(200, conversation_id, messages.remove, user, *place)


@router.get("/{conversation_id}/messages/{message_id}/readers", response_model=ReadersPayload)
async def count_readers(
    house: TheHouse, user: CurrentUser, conversation_id: UUID, message_id: UUID
) -> Response:
    """Count who has read a message, of those who are in the conversation now."""
    place = (conversation_id, message_id)
    return json_body(await reading.count_readers(house.database, user, *place))


@router.put("/{conversation_id}/read", response_model=ReadPayload)
async def mark_read(
    desk: TheDesk, user: CurrentUser, conversation_id: UUID, body: ReadEdit
) -> Response:
    """Note how far I have read. The mark only moves up, and never above the last message."""
    return await desk.write(200, None, reading.mark_read, user, conversation_id, body.seq)


@router.post("/{conversation_id}/typing", status_code=204)
async def tell_typing(house: TheHouse, user: CurrentUser, conversation_id: UUID) -> Response:
    """Tell the others that I am typing, for the next six seconds."""
    house.limits.count_here(TYPING, str(user.id), str(conversation_id))
    await typing_signals.tell_typing(house.database, house.hub, user, conversation_id)
    return Response(status_code=204)
