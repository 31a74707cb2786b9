import orjson

from tests.support.cast import send_image, upload_image
from tests.support.client import Api, Json, Person, problem
from tests.support.fold import fold_all
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.sse import Watcher
from tests.support.truth import Truth


async def _a_voter(api: Api, host: Person) -> tuple[Room, Person, str]:
    """Somebody who did a bit of everything in an event of somebody else."""
    room = await open_room(host, policies=MANUAL)
    voter = await api.sign_up("Wilhelmina")
    await room.join(voter)
    proposal = await room.propose(voter, "Wilhelmina thinks so")
    await voter.ok("POST", room.votes_on(proposal))
    ballot = {
        "option_id": room.event["options"][0]["id"],
        "criterion_ids": [item["id"] for item in room.event["criteria"]],
    }
    await voter.ok("POST", f"{room.path}/votes", ballot)
    await voter.ok("POST", f"{room.path}/comments", {"content": "A word of mine"})
    await _write(room, voter)
    await send_image(room, voter)
    return room, voter, proposal


async def _write(room: Room, writer: Person) -> None:
    """Leave something of every kind in the brief."""
    image_id = await upload_image(room, writer)
    block = {"kind": "image", "text": "A map of mine", "attachment_id": image_id}
    stroke = {"id": image_id, "points": [[0, 0.5]], "colour": "#000000", "width": 0.1}
    await writer.ok("POST", f"{room.path}/brief/blocks", block)
    await writer.ok("POST", f"{room.path}/brief/snapshots", {"name": "Mine"})
    path = f"{room.path}/sketches/{image_id}/strokes"
    await writer.ok("POST", path, {"strokes": [stroke]})


def _without_people(event: Json) -> Json:
    text = orjson.dumps({name: value for name, value in event.items() if name not in {"me", "seq"}})
    return dict(orjson.loads(text.replace(b"Wilhelmina", b"Former member")))


async def test_an_export_holds_all_that_somebody_did(api: Api, host: Person) -> None:
    room, voter, proposal = await _a_voter(api, host)
    answer = await voter.send("GET", "/auth/me/export")
    kept = answer.json()
    assert "attachment" in answer.headers["content-disposition"]
    assert kept["user"]["email"] == voter.user["email"]
    assert [one["event_id"] for one in kept["memberships"]] == [room.id]
    assert [one["id"] for one in kept["proposals"]] == [proposal]
    assert [(one["proposal_id"], one["choice"]) for one in kept["votes"]] == [(proposal, "AGREE")]
    assert [one["event_id"] for one in kept["ballots"]] == [room.id]
    assert [one["content"] for one in kept["comments"]] == ["A word of mine"]
    assert [(one["version"], one["text"]) for one in kept["writings"]] == [(1, "A map of mine")]
    assert [one["points"] for one in kept["strokes"]] == [[0.0, 0.5]]
    assert [one["name"] for one in kept["snapshots"]] == ["Mine"]
    assert [one["content"] for one in kept["messages"]] == [""]
    assert [one["name"] for one in kept["attachments"]] == ["a.png"] * 2
    assert [one["conversation_id"] for one in kept["read_marks"]] == [room.id]
    assert [one["current"] for one in kept["sessions"]] == [True]
    assert "password" not in answer.text
    assert "token_hash" not in answer.text


async def test_whoever_goes_leaves_every_result_as_it_was(
    api: Api, host: Person, truth: Truth
) -> None:
    room, voter, proposal = await _a_voter(api, host)
    before = await host.get(room.path)
    async with Watcher(host, room.id) as watcher, Watcher(voter, room.id) as own:
        await voter.ok("DELETE", "/auth/me")
        head = await truth.head(room.id)
        await watcher.until_seq(head)
        await own.until(lambda: bool(own.over))
        fresh = await host.get(room.path)
        assert watcher.state == fresh
    assert own.over == "signed_out"
    # What they wrote stays as they wrote it; who they were does not.
    fresh["proposals"][0]["content"] = before["proposals"][0]["content"] = ""
    assert _without_people(fresh) == _without_people(before)
    assert fresh["proposals"][0]["author"] == {"id": voter.id, "name": "Former member"}
    assert await truth.votes(proposal) == 1
    await truth.check(room.id)

    await room.move("FINISHED")
    result = await host.get(f"{room.path}/votes/result")
    assert (result["voters"], result["options"][0]["votes"]) == (1, 1)


async def test_nothing_says_who_they_were(api: Api, host: Person, truth: Truth) -> None:
    room, voter, _ = await _a_voter(api, host)
    snapshot = await host.get(room.path)
    await voter.ok("PATCH", "/auth/me", {"name": 'Wil"hel\\mina "M"'})
    key = "goes-twice"
    gone = await voter.ok("DELETE", "/auth/me", key=key)
    assert (gone["name"], gone["email"]) == ("Former member", None)

    problem(await voter.send("GET", "/auth/me"), 401)
    assert await voter.ok("DELETE", "/auth/me", key=key) == gone
    problem(await voter.send("DELETE", "/auth/me"), 401)
    who = {"email": voter.user["email"], "password": "correct horse"}
    problem(await api.nobody().send("POST", "/auth/login", who), 401, "wrong_credentials")
    row = await truth.row("SELECT * FROM users WHERE id = %s", voter.id)
    assert (row["email"], row["password_hash"], row["is_staff"]) == (None, None, False)
    assert await truth.number("SELECT count(*) FROM sessions WHERE user_id = %s", voter.id) == 0
    kept = "SELECT response_status AS status FROM idempotency_keys WHERE user_id = %s ORDER BY 1"
    assert [row["status"] for row in await truth.rows(kept, voter.id)] == [200, 204]

    page = await host.get(f"{room.path}/changes?after=0")
    people = [change for change in page["items"] if change["type"] != "proposal.changed"]
    assert b"Wil" not in orjson.dumps(people)
    assert b"hel" not in orjson.dumps([change["actor"] for change in page["items"]])
    # What is left is still a log: it leads to what there is.
    later = [change for change in page["items"] if change["seq"] > snapshot["seq"]]
    assert fold_all(snapshot, later)["seq"] == page["head"]
    # And the address is free.
    again = {**who, "name": "Back again"}
    assert (await api.nobody().send("POST", "/auth/signup", again)).status_code == 201


async def test_an_owner_first_hands_over(api: Api, host: Person) -> None:
    owner, heir = await api.sign_up("Owner"), await api.sign_up("Heir")
    room = await open_room(owner)
    await room.join(heir)
    refusal = problem(await owner.send("DELETE", "/auth/me"), 409, "owns_events")
    assert refusal["current"] == "1"
    assert (await owner.get("/auth/me"))["name"] == "Owner"
    assert (await host.api.person({"token": heir.token, "user": heir.user}).get(room.path))[
        "owner"
    ]["name"] == "Owner"
    await owner.ok("POST", f"{room.path}/transfer-ownership", {"user_id": heir.id})
    await owner.ok("DELETE", "/auth/me")


async def test_whoever_goes_takes_their_files_along(api: Api, host: Person) -> None:
    room, voter, _ = await _a_voter(api, host)
    path = f"/conversations/{room.id}/messages"
    (said,) = [one for one in (await host.get(path))["items"] if one["kind"] == "said"]
    url = said["attachments"][0]["url"].removeprefix("/api")
    assert (await host.send("GET", url)).status_code == 200
    await voter.ok("DELETE", "/auth/me")
    problem(await host.send("GET", url), 404, "attachment_not_found")
    (left,) = [one for one in (await host.get(path))["items"] if one["kind"] == "said"]
    assert (left["author"]["name"], left["attachments"]) == ("Former member", [])
