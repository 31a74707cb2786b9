"""What a storm leaves behind: what everybody asked, was told and saw, in the order it happened."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from tests.support.client import Json


@dataclass(slots=True)
class Answer:
    """What a request was told. `seq` is the number of its change, None where it made none."""

    at: int
    status: int
    body: bytes = b""
    epoch: str | None = None
    seq: int | None = None
    replayed: bool = False
    server: int | None = None

    @property
    def same(self) -> tuple[int, bytes, str | None, int | None]:
        """What a replay has to say again."""
        return self.status, self.body, self.epoch, self.seq

    @property
    def json(self) -> Json:
        return dict(orjson.loads(self.body)) if self.body else {}


@dataclass(slots=True)
class Deed:
    """One write under one key, however often it was sent.

    `began` is the moment before it was sent first. `lost` are the attempts of which nobody knows
    what became.
    """

    began: int
    who: str
    verb: str
    what: Json
    key: str
    method: str = "POST"
    path: str = ""
    body: Json | None = None
    answers: list[Answer] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def since_done(self) -> list[Answer]:
        """The answers from the first that says that it is done."""
        done = [n for n, answer in enumerate(self.answers) if answer.status < 300]
        return self.answers[done[0] :] if done else []

    @property
    def told(self) -> Answer | None:
        """The answer that counts. A refusal does when nothing that was lost on the way did it."""
        return next(iter([*self.since_done, *self.answers]), None)

    @property
    def is_done(self) -> bool:
        return self.told is not None and self.told.status < 300

    @property
    def is_refused(self) -> bool:
        """Refused whatever was tried: no attempt is left that could have done it."""
        return self.told is not None and self.told.status >= 400 and not self.lost

    @property
    def ended(self) -> int | None:
        return self.told.at if self.told else None

    @property
    def seq(self) -> int | None:
        return self.told.seq if self.told and self.is_done else None


@dataclass(slots=True)
class Sight:
    """One frame that somebody saw. `name` is empty for a change, shown or hidden."""

    at: int
    name: str
    epoch: str | None
    seq: int | None
    data: Any


@dataclass(slots=True)
class Look:
    """One connection to the stream, from the moment before it was asked for."""

    began: int
    cursor: str | None
    status: int = 0
    sights: list[Sight] = field(default_factory=list)


@dataclass(slots=True)
class Watch:
    """All that one watcher saw; `fresh` is the event as they read it when all was quiet."""

    who: str
    user_id: str
    admin: bool
    looks: list[Look] = field(default_factory=list)
    fresh: Json | None = None
    over: str = ""


@dataclass(slots=True)
class Facts:
    """What the database says when everything is quiet."""

    epoch: str
    head: int
    capacity: int
    log: list[Json]
    votes: list[Json]
    comments: list[Json]
    memberships: list[Json]
    proposals: list[Json]
    items: list[Json]


@dataclass(slots=True)
class History:
    """One storm. Its clock ticks once for everything that happens."""

    seed: int
    now: int = 0
    deeds: list[Deed] = field(default_factory=list)
    watches: list[Watch] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    def tick(self) -> int:
        self.now += 1
        return self.now

    def fault(self, what: str) -> None:
        self.faults.append((self.tick(), what))

    def lines(self) -> Iterator[str]:
        """Tell it all, a line a moment."""
        told = [(at, "*", f"*** {what} ***") for at, what in self.faults]
        for deed in self.deeds:
            what = " ".join(f"{name}={value}" for name, value in deed.what.items())
            told.append((deed.began, deed.who, f"asks  {deed.verb} {what} [{deed.key[:8]}]"))
            if deed.lost:
                told.append((deed.began, deed.who, f"lost  {deed.key[:8]}: {'; '.join(deed.lost)}"))
            for answer in deed.answers:
                again = " replayed" if answer.replayed else ""
                code = answer.json.get("code", "") if answer.status >= 400 else f"seq={answer.seq}"
                words = f"told  {answer.status} {code}{again} [{deed.key[:8]}]"
                told.append((answer.at, deed.who, words))
        for watch in self.watches:
            for look in watch.looks:
                told.append((look.began, watch.who, f"opens after {look.cursor}: {look.status}"))
                for sight in look.sights:
                    kind = sight.name or (sight.data["type"] if sight.data else "hidden")
                    told.append((sight.at, watch.who, f"sees  {sight.seq} {kind}"))
        for at, who, words in sorted(told, key=lambda line: line[0]):
            yield f"{at:>7} {who:<12} {words}"

    def write(self, path: Path, facts: Facts | None, wrong: list[str]) -> None:
        """Write it down for a person: first what is wrong, then what happened, then the log."""
        text = [f"seed {self.seed}", "", "What is wrong:", *(f"  {line}" for line in wrong), ""]
        text += ["What happened (moment, who, what):", *self.lines(), ""]
        if facts is not None:
            text += ["What the database says:"]
            text += [f"  {orjson.dumps(row, default=str).decode()}" for row in facts.log]
            rest = {k: v for k, v in asdict(facts).items() if k != "log"}
            text += [f"  {name}: {value}" for name, value in rest.items()]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(text) + "\n", "utf-8")
