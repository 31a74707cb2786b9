"""The digest as a letter, in the language of whoever gets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.models.statuses import Locale
from app.utils.mail import Mail

_WORDS: Final = {
    Locale.ENGLISH: {
        "subject": "What was decided while you were away",
        "hello": "Hello {name},\n\nthis happened while you were away:\n",
        "decided": "- proposals decided: {n}",
        "mentions": "- you were mentioned: {n}",
        "unread": "- unread messages: {n}",
        "finished": "- the event is closed",
        "stop": "No more mails about this event: {link}",
    },
    Locale.KOREAN: {
        "subject": "자리를 비우신 동안 결정된 내용",
        "hello": "{name}님, 안녕하세요.\n\n자리를 비우신 동안 다음과 같은 일이 있었습니다.\n",
        "decided": "- 결정된 제안: {n}건",
        "mentions": "- 회원님을 언급한 메시지: {n}건",
        "unread": "- 읽지 않은 메시지: {n}건",
        "finished": "- 이벤트가 종료되었습니다",
        "stop": "이 이벤트의 메일을 더 받지 않으려면: {link}",
    },
}


@dataclass(frozen=True, slots=True)
class DigestEvent:
    """What is told of one event."""

    subject: str
    link: str
    decided: int
    mentions: int
    unread: int
    finished: bool
    unsubscribe: str


def digest_mail(to: str, name: str, locale: Locale, events: Sequence[DigestEvent]) -> Mail:
    """Write the letter. With one event, mail programs can end it by a button of their own."""
    words = _WORDS[locale]
    parts = [words["hello"].format(name=name), *(_part(words, event) for event in events)]
    single = events[0].unsubscribe if len(events) == 1 else None
    return Mail(to, words["subject"], "\n".join(parts), unsubscribe=single)


def _part(words: dict[str, str], event: DigestEvent) -> str:
    numbers = {word: getattr(event, word) for word in ("decided", "mentions", "unread")}
    lines = [event.subject, event.link]
    lines += [words[word].format(n=number) for word, number in numbers.items() if number]
    if event.finished:
        lines.append(words["finished"])
    return "\n".join([*lines, words["stop"].format(link=event.unsubscribe), ""])
