from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import orjson
from hypothesis import given
from hypothesis import strategies as st

from app.models.statuses import ChangeType
from app.utils.frames import LoggedChange, change_frame, named_frame, pack, retry_frame, unpack

moments = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=9))]),
)
texts = st.text(st.characters(exclude_categories=["Cs"]))
changes = st.builds(
    LoggedChange,
    seq=st.integers(1, 2**53),
    type=st.sampled_from(ChangeType),
    at=moments,
    actor_id=st.none() | st.uuids(),
    actor_name=texts,
    for_user_id=st.none() | st.uuids(),
    payload=st.dictionaries(texts, texts).map(orjson.dumps),
)


@given(epoch=st.uuids(), logged=st.lists(changes))
def test_what_is_packed_comes_out_again(epoch: UUID, logged: list[LoggedChange]) -> None:
    frames = [change_frame(epoch, change) for change in logged]
    assert unpack(pack(epoch, frames)) == (epoch, frames)


@given(epoch=st.uuids(), change=changes)
def test_a_frame_is_one_change_on_one_line(epoch: UUID, change: LoggedChange) -> None:
    frame = change_frame(epoch, change)
    lines = frame.shown.decode().split("\n")
    assert lines[0] == f"id: {epoch}.{change.seq}"
    assert lines[1].startswith("data: ")
    assert lines[2:] == ["", ""]
    assert orjson.loads(frame.data) == orjson.loads(lines[1].removeprefix("data: "))


@given(epoch=st.uuids(), change=changes)
def test_a_frame_says_what_the_log_says(epoch: UUID, change: LoggedChange) -> None:
    told = orjson.loads(change_frame(epoch, change).data)
    assert told["data"] == orjson.loads(change.payload)
    assert (told["seq"], told["type"]) == (change.seq, change.type)
    assert datetime.fromisoformat(told["at"]) == change.at
    actor = {"id": str(change.actor_id), "name": change.actor_name}
    assert told["actor"] == (actor if change.actor_id else None)


@given(epoch=st.uuids(), change=changes)
def test_a_hidden_frame_moves_the_cursor_alone(epoch: UUID, change: LoggedChange) -> None:
    assert change_frame(epoch, change).hidden == f"id: {epoch}.{change.seq}\n\n".encode()


def test_named_frames_move_the_cursor_where_they_carry_one() -> None:
    assert named_frame("reset", b"{}") == b"event: reset\ndata: {}\n\n"
    assert named_frame("snapshot", b"{}", "e.7") == b"event: snapshot\nid: e.7\ndata: {}\n\n"
    assert retry_frame(250) == b"retry: 250\n\n"
