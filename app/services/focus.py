"""The event in the focus of a personal line: a whole stream that writes to somebody else's socket.

Its end is the end of a part, not of the line.
"""

from typing import Protocol

from app.services.sinks import Line, Sink
from app.services.streams import Stream


class Owner(Protocol):
    """The line whose part it is."""

    def end_focus(self, *, all_ends: bool) -> None:
        """Take in that the event's part ended, and with it everything where the line moves."""


class Focus:
    """An event's stream, and the sink that it takes for its own."""

    def __init__(self, stream: Stream, line: Owner) -> None:
        self._stream = stream
        self._line = line
        self._sink: Sink | None = None
        self._closed = False
        # The viewer is counted from here on; the line counts for itself again without it.
        stream.hub.count(stream.viewer.user_id, -1)

    @property
    def is_reading(self) -> bool:
        return self._stream.reading is not None

    @property
    def blocked_since(self) -> float | None:
        return self._sink.blocked_since if self._sink is not None else None

    @property
    def line(self) -> Line | None:
        return self._sink.line if self._sink is not None else None

    def step_out(self) -> None:
        """Have the stream write nothing past the sink while somebody else writes to it."""
        self._stream.step_out()

    def start(self, sink: Sink) -> None:
        self._sink = sink
        self._stream.start(self)

    def pump(self) -> None:
        self._stream.pump()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._stream.close()
            self._stream.hub.count(self._stream.viewer.user_id, 1)

    def push(self, chunk: bytes) -> None:
        if self._sink is not None:
            self._sink.push(chunk)

    def end(self) -> None:
        """End the event's part; where the stream is sent away, the whole line comes back."""
        self._line.end_focus(all_ends=self._stream.ended == "sent_away")

    def cut(self) -> None:
        if self._sink is not None:
            self._sink.cut()
