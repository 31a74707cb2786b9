from uuid import UUID

import pytest

from app.models.base import new_id
from app.models.statuses import EventStatus
from app.services import audit, brief_snapshots
from tests.support.stage import Cast
from tests.support.writing import Brief


async def test_what_was_kept_comes_back_as_new_versions(brief: Brief, cast: Cast) -> None:
    one = await brief.add(cast.member, "One")
    two = await brief.add(cast.member, "Two")
    three = await brief.add(cast.member, "Three")
    kept = await brief.do(brief_snapshots.keep_snapshot, cast.second, "Before")
    before = (await brief.read())["blocks"]
    assert (kept["name"], kept["block_count"], kept["restored_at"]) == ("Before", 3, None)

    one = await brief.commit(cast.second, one, "Uno")
    await brief.remove(cast.third, two)
    await brief.move(cast.third, three, None)
    late = await brief.add(cast.third, "Late")
    place = UUID(kept["id"])
    restored = await brief.do(brief_snapshots.restore_snapshot, cast.admin, place)

    assert restored["restored_at"]
    after = (await brief.read())["blocks"]
    said = [(block["id"], block["text"], block["position"]) for block in after]
    assert said == [(block["id"], block["text"], block["position"]) for block in before]
    assert [block["version"] for block in after] == [3, 3, 1]
    assert [v["text"] for v in await brief.versions(one)] == ["One", "Uno", "One"]
    assert [v["removed"] for v in await brief.versions(two)] == [False, True, False]
    assert [v["removed"] for v in await brief.versions(late)] == [False, True]

    entries = (await audit.read_audit(brief.database, cast.owner, brief.id, None, 50)).items
    assert [entry.action for entry in entries if entry.action.startswith("brief")] == [
        "brief.restored"
    ]
    head = await brief.meeting.head()
    await brief.do(brief_snapshots.restore_snapshot, cast.admin, place)
    assert await brief.meeting.head() == head + 1


async def test_members_keep_and_admins_restore(brief: Brief, cast: Cast) -> None:
    await brief.add(cast.member, "One")
    kept = await brief.do(brief_snapshots.keep_snapshot, cast.member, "Mine")
    refuse, place = brief.meeting.refused, UUID(kept["id"])
    await refuse("admins_only", brief_snapshots.restore_snapshot, cast.member, place)
    await refuse("observers_do_not_vote", brief_snapshots.keep_snapshot, cast.observer, "No")
    await refuse("snapshot_not_found", brief_snapshots.restore_snapshot, cast.owner, new_id())
    page = await brief_snapshots.list_snapshots(brief.database, cast.observer, brief.id)
    assert [snapshot.name for snapshot in page.items] == ["Mine"]
    await brief.meeting.move(EventStatus.IN_PROGRESS)
    await brief.meeting.move(EventStatus.FINISHED)
    await refuse("event_closed", brief_snapshots.restore_snapshot, cast.owner, place)
    await refuse("event_closed", brief_snapshots.keep_snapshot, cast.owner, "Late")


async def test_snapshots_are_not_without_number(
    brief: Brief, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brief_snapshots, "MOST_SNAPSHOTS", 1)
    await brief.do(brief_snapshots.keep_snapshot, cast.member, "One")
    await brief.meeting.refused(
        "too_many_snapshots", brief_snapshots.keep_snapshot, cast.member, "Two"
    )
