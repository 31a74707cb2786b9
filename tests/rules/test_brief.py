"""A brief and the plainest model of one, through two servers: whatever is tried, both agree."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.rules.playing import Line, play

WHO = st.integers(0, 2)
PLACE = st.integers(0, 30)
TEXT = st.text("abc 가", min_size=1, max_size=9).map(str.strip).filter(bool)


@dataclass
class Page:
    """One block: everything it ever said, None where it said that it went."""

    id: str
    said: list[str | None] = field(default_factory=list)

    @property
    def version(self) -> int:
        return len(self.said)

    @property
    def text(self) -> str:
        return next(text for text in reversed(self.said) if text is not None)


class Writing(RuleBasedStateMachine):
    """A brief is a list of pages. `line` is set by the test."""

    line: Line

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[Page] = []
        self.all: list[Page] = []
        self.kept: list[tuple[str, list[tuple[Page, str]]]] = []

    @initialize()
    def open(self) -> None:
        body = {"subject": "What do we write?", "options": ["This"]}
        event = self.line.ask(0, "POST", "/events", body).json()
        self.path = f"/events/{event['id']}/brief"
        for who in (1, 2):
            code = {"entrance_code": event["entrance_code"]}
            assert self.line.ask(who, "POST", "/events/entry", code).status == 201

    def ask(self, who: int, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.line.ask(who, method, f"{self.path}{path}", body)
        assert answer.status == status, answer
        return answer.json()

    def page(self, place: int) -> Page:
        return self.pages[place % len(self.pages)]

    @rule(who=WHO, text=TEXT, place=PLACE)
    def add(self, who: int, text: str, place: int) -> None:
        body: dict[str, Any] = {"kind": "text", "text": text}
        at = place % (len(self.pages) + 2)
        if at <= len(self.pages):
            body["after"] = self.pages[at - 1].id if at else None
        made = self.ask(who, "POST", "/blocks", body, 201)
        page = Page(made["id"], [text])
        self.pages.insert(at, page)
        self.all.append(page)

    @precondition(lambda self: self.pages)
    @rule(who=WHO, place=PLACE, text=TEXT, late=st.integers(0, 3))
    def commit(self, who: int, place: int, text: str, late: int) -> None:
        page = self.page(place)
        version = max(1, page.version - late // 2)
        right = version == page.version
        body = {"text": text, "version": version}
        answer = self.ask(who, "PUT", f"/blocks/{page.id}", body, 200 if right else 409)
        if right and text != page.text:
            page.said.append(text)
        told = answer if right else answer["current"]
        assert (told["text"], told["version"]) == (page.text, page.version)

    @precondition(lambda self: self.pages)
    @rule(who=WHO, place=PLACE, to=PLACE)
    def move(self, who: int, place: int, to: int) -> None:
        page = self.page(place)
        self.pages.remove(page)
        at = to % (len(self.pages) + 1)
        body = {"after": self.pages[at - 1].id if at else None, "version": page.version}
        self.ask(who, "PUT", f"/blocks/{page.id}/position", body)
        self.pages.insert(at, page)

    @precondition(lambda self: self.pages)
    @rule(who=WHO, place=PLACE, late=st.booleans())
    def remove(self, who: int, place: int, late: bool) -> None:
        page = self.page(place)
        version = page.version + late
        path = f"/blocks/{page.id}?version={version}"
        self.ask(who, "DELETE", path, None, 409 if late else 200)
        if not late:
            page.said.append(None)
            self.pages.remove(page)

    @precondition(lambda self: len(self.all) > len(self.pages))
    @rule(who=WHO, place=PLACE, late=st.booleans())
    def bring_back(self, who: int, place: int, late: bool) -> None:
        gone = [page for page in self.all if page not in self.pages]
        page = gone[place % len(gone)]
        body = {"version": page.version - late}
        found = self.ask(who, "POST", f"/blocks/{page.id}/restore", body, 409 if late else 200)
        if late:
            return
        page.said.append(page.text)
        shown = self.ask(who, "GET", "")["blocks"]
        self.pages.insert([block["id"] for block in shown].index(page.id), page)
        assert found["text"] == page.text

    @rule(who=WHO)
    def keep(self, who: int) -> None:
        made = self.ask(who, "POST", "/snapshots", {"name": "Kept"}, 201)
        self.kept.append((made["id"], [(page, page.text) for page in self.pages]))

    @precondition(lambda self: self.kept)
    @rule(who=WHO, which=PLACE)
    def restore(self, who: int, which: int) -> None:
        id_, then = self.kept[which % len(self.kept)]
        self.ask(who, "POST", f"/snapshots/{id_}/restore", None, 403 if who else 200)
        if who:
            return
        kept = [page for page, _ in then]
        for page in self.pages:
            if page not in kept:
                page.said.append(None)
        for page, text in then:
            if page.said[-1] != text:
                page.said.append(text)
        self.pages = kept

    @invariant()
    def both_briefs_are_one(self) -> None:
        if hasattr(self, "path"):
            shown = self.ask(1, "GET", "")["blocks"]
            assert [(b["id"], b["text"], b["version"]) for b in shown] == [
                (page.id, page.text, page.version) for page in self.pages
            ]

    def teardown(self) -> None:
        for page in self.all:
            items = self.ask(2, "GET", f"/blocks/{page.id}/versions?limit=50")["items"]
            said = [None if item["removed"] else item["text"] for item in reversed(items)]
            assert said == page.said[-50:]
            assert items[0]["version"] == page.version


def test_a_brief_follows_its_rules(line: Line) -> None:
    Writing.line = line
    play(Writing)
