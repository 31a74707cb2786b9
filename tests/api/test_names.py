"""The names of domain.md, section 11: scripts and clients rely on them."""

import re
from typing import Any

from tests.support.client import Api, Json, Person
from tests.support.rooms import MANUAL, open_room

EVENT = {
    *("id", "epoch", "seq", "subject", "description", "status", "entrance_code", "capacity"),
    *("owner", "policies", "counts", "options", "assumptions", "criteria", "proposals"),
    *("created_at", "started_at", "finished_at", "me"),
}
ITEM = {"id", "kind", "content", "original_content", "position"}
MEMBERSHIP = {"id", "event_id", "user", "status", "role", "created_at", "joined_at"}
PROPOSAL = {
    *("id", "event_id", "kind", "category", "target_id", "content", "reason", "author", "status"),
    *("tally", "needed", "decided_by", "decision_reason", "created_at", "decided_at"),
}
COMMENT = {
    *("id", "event_id", "subject", "author", "content", "created_at", "edited_at", "deleted"),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
VERSION_7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def _check_shapes(value: Any, name: str = "") -> None:
    """Every time and every id on the wire has one shape."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_shapes(inner, key)
    elif isinstance(value, list):
        for inner in value:
            _check_shapes(inner, name.removesuffix("s"))
    elif value is not None and name.endswith("_at"):
        assert MOMENT.fullmatch(value), (name, value)
    elif value is not None and (name == "id" or name.endswith("_id")):
        assert VERSION_7.fullmatch(value), (name, value)


async def test_an_event(host: Person) -> None:
    room = await open_room(host, policies=MANUAL)
    await room.propose(host)
    event = await host.get(room.path)
    _check_shapes(event)
    assert set(event) >= EVENT
    assert set(event["owner"]) == {"id", "name"}
    assert set(event["counts"]) >= {"members", "pending", "voters"}
    assert set(event["me"]) >= {"membership", "votes", "has_ballot"}
    assert {"conclusion", "comment_count"} <= set(event["criteria"][0])
    for name, kind in (("options", "option"), ("assumptions", "assumption")):
        assert set(event[name][0]) >= ITEM
        assert event[name][0]["kind"] == kind
    assert set(event["proposals"][0]) >= PROPOSAL
    assert set(event["proposals"][0]["tally"]) == {"agree", "disagree", "abstain"}


async def test_the_defaults_of_an_event(host: Person) -> None:
    event = await host.ok("POST", "/events", {"subject": "Plain", "options": ["Yes"]})
    assert event["status"] == "NOT_STARTED"
    assert re.fullmatch("[A-Z0-9]{6}", event["entrance_code"])
    assert (
        event["policies"].items()
        >= {
            "membership_auto_approved": True,
            "guests_allowed": True,
            "password_required": False,
            "max_pending_per_member": 5,
            "assumption": {"auto_approve": True, "min_votes": 3},
            "criterion": {"auto_approve": True, "min_votes": 3},
            "conclusion": {"auto_approve": True, "threshold_percent": 50},
        }.items()
    )


async def test_a_door_and_a_membership(api: Api, host: Person) -> None:
    room = await open_room(host, password="sesame", start=False)
    code = {"entrance_code": room.code.lower()}
    check = await api.nobody().ok("POST", "/events/entrance-code/check", code)
    assert (check["event_id"], check["password_required"]) == (room.id, True)
    assert set(await host.get("/events/entrance-code/generate")) == {"entrance_code"}
    body = {"name": "Guest", **code, "password": "sesame"}
    guest = await api.nobody().ok("POST", "/auth/guest", body)
    _check_shapes(guest)
    assert set(guest) == {"user", "token", "membership"}
    assert set(guest["membership"]) == MEMBERSHIP
    overview = await api.nobody().get(f"{room.path}/overview")
    assert room.code not in str(overview)


async def test_a_write_that_changes_an_event_tells_its_number(api: Api, host: Person) -> None:
    opened = await host.send("POST", "/events", {"subject": "Counted", "options": ["Yes"]})
    event = opened.json()
    code = {"entrance_code": event["entrance_code"]}
    guest = await api.nobody().send("POST", "/auth/guest", {"name": "Guest", **code})
    entry = await (await api.sign_up("Late")).send("POST", "/events/entry", code)
    cursors = [answer.headers["x-event-seq"] for answer in (opened, guest, entry)]
    assert [cursor.rpartition(".")[0] for cursor in cursors] == [event["epoch"]] * 3
    seqs = [int(cursor.rpartition(".")[2]) for cursor in cursors]
    assert seqs[0] == event["seq"]
    assert seqs == sorted(set(seqs))
    assert seqs[2] == (await host.get(f"/events/{event['id']}"))["seq"]


async def test_votes_and_the_ways_of_a_proposal(host: Person) -> None:
    room = await open_room(host, policies=MANUAL)
    proposal = await room.propose(host)
    votes = room.votes_on(proposal)
    cast = await host.send("POST", votes)
    assert cast.status_code == 201
    assert set(cast.json()) == {"proposal_id", "choice", "tally", "status", "seq"}
    assert cast.headers["x-event-seq"] == f"{room.event['epoch']}.{cast.json()['seq']}"
    changed = await host.ok("PUT", votes, {"choice": "ABSTAIN"})
    assert changed["tally"] == {"agree": 0, "disagree": 0, "abstain": 1}
    assert (await host.ok("DELETE", votes))["choice"] is None
    path = f"{room.path}/assumption-proposals/{proposal}"
    verdict = {"status": "REJECTED", "reason": "Not now"}
    decided = await host.ok("PATCH", f"{path}/status", verdict)
    _check_shapes(decided)
    assert decided["decided_by"] == {"id": host.id, "name": "Host"}
    assert decided["decision_reason"] == "Not now"
    assert decided == await host.get(path)


async def test_a_ballot_and_the_result(host: Person) -> None:
    room = await open_room(host)
    option, criteria = room.event["options"][1], [c["id"] for c in room.event["criteria"]]
    ballot = {"option_id": option["id"], "criterion_ids": criteria[::-1]}
    await host.ok("POST", f"{room.path}/votes", ballot)
    assert (await host.get(f"{room.path}/votes/me"))["criterion_ids"] == criteria[::-1]
    await room.move("FINISHED")
    result = await host.get(f"{room.path}/votes/result")
    assert {name: result[name] for name in ("total_members", "voters")} == {
        "total_members": 1,
        "voters": 1,
    }
    assert [option["votes"] for option in result["options"]] == [0, 1]
    scores = [(c["first_choices"], c["weighted_score"]) for c in result["criteria"]]
    assert scores == [(0, 2), (1, 3)]


async def test_comments_and_their_pages(host: Person) -> None:
    room = await open_room(host)
    said = [
        await host.ok("POST", f"{room.path}/comments", {"content": f"Word {n}"}) for n in range(7)
    ]
    assert set(said[0]) >= COMMENT
    _check_shapes(said[0])
    assert said[0]["subject"] == {"type": "event", "id": room.id}
    read = await _pages(host, f"{room.path}/comments?subject=event", 3)
    assert [comment["id"] for comment in read] == [comment["id"] for comment in said[::-1]]
    one = f"{room.path}/comments/{said[3]['id']}"
    assert (await host.ok("PATCH", one, {"content": "Mended"}))["edited_at"]
    assert (await host.ok("DELETE", one))["deleted"]
    about = f"{room.path}/criteria/{room.criterion}/comments"
    await host.ok("POST", about, {"content": "Near what?"})
    assert await host.get(f"{about}/count") == {"count": 1}
    event = await host.get(room.path)
    assert (event["comment_count"], event["criteria"][0]["comment_count"]) == (6, 1)


async def test_lists_come_in_pages_without_a_gap(api: Api) -> None:
    person = await api.sign_up("Collector")
    rooms = [await open_room(person, policies=MANUAL) for _ in range(5)]
    listed = await _pages(person, "/events", 2)
    assert [event["id"] for event in listed] == [room.id for room in rooms[::-1]]
    room = rooms[0]
    await room.guests(6)
    members = await _pages(person, f"{room.path}/memberships", 3)
    assert len({member["id"] for member in members}) == len(members) == 7
    proposals = [await room.propose(person, f"Number {n}") for n in range(5)]
    listed = await _pages(person, f"{room.path}/assumption-proposals?status=PENDING", 2)
    assert [proposal["id"] for proposal in listed] == proposals


async def test_the_log_in_pages(host: Person) -> None:
    room = await open_room(host)
    page = await host.get(f"{room.path}/changes?after=1")
    assert set(page) == {"items", "head", "epoch"}
    assert [change["seq"] for change in page["items"]] == [*range(2, page["head"] + 1)]
    _check_shapes(page)
    after = await host.get(f"{room.path}/changes?after={page['head']}")
    assert after == {**page, "items": []}


async def _pages(person: Person, path: str, limit: int) -> list[Json]:
    """Read a whole list, page by page."""
    items: list[Json] = []
    cursor = ""
    while True:
        more = f"{'&' if '?' in path else '?'}limit={limit}{cursor}"
        page = await person.get(path + more)
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = f"&cursor={page['next_cursor']}"
