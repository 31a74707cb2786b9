"""Changes as JSON and as the bytes of a stream: encoded once, sent to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from app.models.payloads import rfc3339
from app.models.statuses import ChangeType


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One row of the log, ready to be written and sent. `payload` is JSON."""

    seq: int
    type: ChangeType
    at: datetime
    actor_id: UUID | None
    actor_name: str | None
    for_user_id: UUID | None
    payload: bytes

    def encode(self) -> bytes:
        """Return the change as clients get it: one JSON object on one line."""
        actor = (
            {"id": self.actor_id, "name": self.actor_name} if self.actor_id is not None else None
        )
        head = orjson.dumps(
            {"seq": self.seq, "type": self.type, "at": rfc3339(self.at), "actor": actor}
        )
        return head[:-1] + b',"data":' + self.payload + b"}"


@dataclass(frozen=True, slots=True)
class Frame:
    """One change as a stream sends it.

    `for_user_id` is set where only admins and that person may see it; the others get `hidden`.
    """

    seq: int
    type: str
    for_user_id: UUID | None
    shown: bytes
    hidden: bytes

    @property
    def data(self) -> bytes:
        """The JSON of the change."""
        return self.shown.partition(b"\ndata: ")[2].rstrip(b"\n")


@dataclass(frozen=True, slots=True)
class Batch:
    """Frames that follow one another, from the one after number `after` to number `last`.

    `public` is all of them as one chunk, if all may see them.
    """

    frames: Sequence[Frame]
    public: bytes | None
    after: int = -1
    last: int = -1

    @classmethod
    def of(cls, frames: Sequence[Frame]) -> "Batch":
        if not frames:
            return NOTHING
        hidden = any(frame.for_user_id is not None for frame in frames)
        public = None if hidden else b"".join([frame.shown for frame in frames])
        return cls(frames, public, frames[0].seq - 1, frames[-1].seq)


NOTHING = Batch((), b"")


def change_frame(epoch: UUID, change: LoggedChange) -> Frame:
    """Encode one change of the log."""
    hidden = f"id: {epoch}.{change.seq}\n\n".encode()
    shown = hidden[:-1] + b"data: " + change.encode() + b"\n\n"
    return Frame(change.seq, change.type.value, change.for_user_id, shown, hidden)


def named_frame(name: str, data: bytes, cursor: str | None = None) -> bytes:
    """Encode a frame with an `event:` field, which moves the cursor only where one is given."""
    identity = f"id: {cursor}\n".encode() if cursor else b""
    return b"event: " + name.encode() + b"\n" + identity + b"data: " + data + b"\n\n"


def retry_frame(milliseconds: int) -> bytes:
    """Encode the wait that a client keeps before it connects again."""
    return f"retry: {milliseconds}\n\n".encode()


def pack(epoch: UUID, frames: Sequence[Frame]) -> bytes:
    """Put the frames of one event into one message of the bus."""
    head = orjson.dumps(
        [epoch, [(f.seq, f.type, f.for_user_id, len(f.hidden), len(f.shown)) for f in frames]]
    )
    return head + b"\n" + b"".join(frame.shown for frame in frames)


def unpack(message: bytes) -> tuple[UUID, list[Frame]]:
    """Take the frames out of a message again; the inverse of `pack`."""
    head, _, body = message.partition(b"\n")
    epoch, shapes = orjson.loads(head)
    frames, at = [], 0
    for seq, kind, person, hidden, shown in shapes:
        text = body[at : at + shown]
        # What is hidden is the shown frame's `id:` line and an empty line.
        frames.append(
            Frame(seq, kind, UUID(person) if person else None, text, text[: hidden - 1] + b"\n")
        )
        at += shown
    return UUID(epoch), frames
