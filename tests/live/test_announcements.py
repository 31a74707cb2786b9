"""What the staff tell everybody: at once to who is here, once to who comes back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.models.base import now
from tests.support.client import Api, Person, problem
from tests.support.personal import first_summary, open_personal, until
from tests.support.truth import Truth


@pytest.fixture
async def staff(api: Api, truth: Truth) -> AsyncIterator[Person]:
    """Somebody of the staff, who takes back what was announced."""
    person = await api.sign_up("Staff")
    await truth.rows("UPDATE users SET is_staff = true WHERE id = %s RETURNING id", person.id)
    yield person
    for each in (await person.get("/announcements"))["items"]:
        await person.ok("DELETE", f"/announcements/{each['id']}")


SOON = {"title": "Upgrade", "text": "We are away for a minute.", "level": "maintenance"}


async def test_who_is_here_hears_it_at_once_in_every_process(
    api: Api, host: Person, staff: Person
) -> None:
    other = await api.sign_up("Listening")
    async with open_personal(host, at=0) as near, open_personal(other, at=1) as far:
        await asyncio.gather(first_summary(near), first_summary(far))
        made = await staff.ok("POST", "/announcements", SOON, at=0)
        for line in (near, far):
            told = (await until(line, "announcement", id=made["id"])).json
            assert (told["title"], told["level"], told["seen"]) == ("Upgrade", "maintenance", None)
        path = f"/announcements/{made['id']}"
        await staff.ok("PATCH", path, {"text": "Two minutes."}, at=1)
        edited = (await until(near, "announcement", text="Two minutes.")).json
        assert edited["edited_at"] is not None
        await staff.ok("DELETE", path, at=0)
        await until(far, "announcement", id=made["id"], deleted=True)


async def test_who_comes_back_hears_it_until_it_is_seen(api: Api, staff: Person) -> None:
    person = await api.sign_up("Comes Back Later")
    made = await staff.ok("POST", "/announcements", SOON)
    path = f"/announcements/{made['id']}/seen"
    async with open_personal(person, at=0) as one, open_personal(person, at=1) as other:
        for line in (one, other):
            unseen = (await first_summary(line))["announcements"]
            assert made["id"] in {each["id"] for each in unseen}
        for _ in range(2):
            assert (await person.send("PUT", path)).status_code == 204
        seen = await until(other, "notice", type="announcement.seen")
        assert seen.json["data"] == {"announcement_id": made["id"]}
    async with open_personal(person) as again:
        summary = await first_summary(again)
    assert made["id"] not in {each["id"] for each in summary["announcements"]}
    assert summary["notice_seq"] == 1
    listed = {each["id"]: each for each in (await person.get("/announcements"))["items"]}
    assert listed[made["id"]]["seen"] is True


async def test_what_has_ended_is_gone(api: Api, staff: Person) -> None:
    person = await api.sign_up("Too Late")
    ended = (now() - timedelta(seconds=1)).isoformat()
    made = await staff.ok("POST", "/announcements", {**SOON, "ends_at": ended})
    async with open_personal(person) as line:
        unseen = (await first_summary(line))["announcements"]
    standing = (await person.get("/announcements"))["items"]
    assert made["id"] not in {each["id"] for each in (*unseen, *standing)}


@pytest.mark.parametrize(
    "link",
    [
        *("http://example.org/", "javascript:alert(1)", "//example.org/x", "/\\example.org"),
        *("https://user:pass@example.org/", "data:text/html,x", "https:///x", "example.org"),
        "https://example.org/" + "x" * 500,
    ],
)
async def test_a_link_leads_somewhere_safe(staff: Person, link: str) -> None:
    for field in ("link", "image"):
        problem(await staff.send("POST", "/announcements", {**SOON, field: link}), 422)


async def test_a_link_may_lead_here_or_elsewhere_by_tls(staff: Person) -> None:
    links = {"link": "https://example.org/news?a=b", "image": "/assets/sky.png"}
    made = await staff.ok("POST", "/announcements", {**SOON, **links})
    assert {name: made[name] for name in links} == links
