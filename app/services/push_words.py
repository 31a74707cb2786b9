"""Push messages: which change or notice is worth one, for whom, and in which words."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from app.models.statuses import (
    ChangeType,
    EventStatus,
    Locale,
    MembershipStatus,
    NoticeType,
    ProposalStatus,
    Wanted,
)

# Characters of somebody's words that a push message shows.
EXCERPT: Final = 120
# Changes that may be worth one.
PUSHED: Final = {ChangeType.PROPOSAL, ChangeType.EVENT, ChangeType.MESSAGE}

_WORDS: Final = {
    Locale.ENGLISH: {
        "accepted": "Accepted: {what}",
        "rejected": "Rejected: {what}",
        "finished": "The event is closed. See what was decided.",
        "said": "{who}: {what}",
        "mention": "{who} mentioned you: {what}",
        "let_in": "You are in. The event is open to you.",
        "file": "an attachment",
    },
    Locale.KOREAN: {
        "accepted": "승인됨: {what}",
        "rejected": "거절됨: {what}",
        "finished": "이벤트가 종료되었습니다. 결정된 내용을 확인해 보세요.",
        "said": "{who}: {what}",
        "mention": "{who}님이 회원님을 언급했습니다: {what}",
        "let_in": "참여가 승인되었습니다. 이제 이벤트에 들어갈 수 있습니다.",
        "file": "첨부 파일",
    },
}


@dataclass(frozen=True, slots=True)
class Push:
    """One thing to tell. `event_id` tells all its members, `user_id` one person.

    `level` is the least that somebody must want of the event; `but` is who did it. What two people
    say to each other belongs to no event, and is found at `talk_id`.
    """

    word: str
    who: str
    what: str
    event_id: UUID | None
    user_id: UUID | None
    but: UUID | None
    level: Wanted
    talk_id: UUID | None = None

    @property
    def url(self) -> str:
        """Return where it leads, as a path of this site."""
        return f"/events/{self.event_id}" if self.event_id else f"/messages/{self.talk_id}"

    def encode(self, locale: Locale, title: str) -> bytes:
        """Return what a service worker is given."""
        words = _WORDS[locale]
        body = words[self.word].format(who=self.who, what=self.what or words["file"])
        tag = str(self.event_id or self.talk_id)
        return orjson.dumps({"title": title or "Assent", "body": body, "tag": tag, "url": self.url})


def push_of_change(event_id: UUID, data: bytes) -> Push | None:
    """Return what a change of an event is worth to people who are away."""
    change: dict[str, Any] = orjson.loads(data)
    state, actor = change["data"], change["actor"] or {}
    but = UUID(actor["id"]) if actor else None
    match change["type"]:
        case ChangeType.PROPOSAL if state["status"] in _DECIDED:
            word = _DECIDED[state["status"]]
            return Push(word, "", _short(state["content"]), event_id, None, but, Wanted.DECISIONS)
        case ChangeType.EVENT if state["status"] == EventStatus.FINISHED and not state["deleted"]:
            return Push("finished", "", "-", event_id, None, but, Wanted.DECISIONS)
        case ChangeType.MESSAGE if _is_new(state):
            what = _short(state["content"])
            return Push("said", state["author"]["name"], what, event_id, None, but, Wanted.ALL)
    return None


def push_of_notice(user_id: UUID, data: bytes) -> Push | None:
    """Return what a notice is worth to its person where they are away."""
    notice: dict[str, Any] = orjson.loads(data)
    state = notice["data"]
    match notice["type"]:
        case NoticeType.MENTION:
            said, event_id = state["message"], UUID(state["conversation_id"])
            return _said("mention", said, event_id, user_id)
        case NoticeType.MESSAGE if _is_new(state) and state["author"]["id"] != str(user_id):
            return _said("said", state, None, user_id)
        case NoticeType.MEMBERSHIP if state["status"] == MembershipStatus.ACCEPTED:
            if state["role"] == "OWNER" or state["joined_at"] == state["created_at"]:
                return None
            event_id = UUID(state["event_id"])
            return Push("let_in", "", "-", event_id, user_id, None, Wanted.DECISIONS)
    return None


def _said(word: str, message: dict[str, Any], event_id: UUID | None, user_id: UUID) -> Push:
    who, what = message["author"]["name"], _short(message["content"])
    talk_id = UUID(message["conversation_id"])
    return Push(word, who, what, event_id, user_id, None, Wanted.DECISIONS, talk_id)


def _is_new(message: dict[str, Any]) -> bool:
    untouched = message["edited_at"] is None and message["deleted"] is None
    return message["kind"] == "said" and untouched


def _short(text: str | None) -> str:
    text = " ".join((text or "").split())
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


_DECIDED: Final = {ProposalStatus.ACCEPTED: "accepted", ProposalStatus.REJECTED: "rejected"}
