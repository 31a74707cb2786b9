from tests.support.client import Person, problem
from tests.support.rooms import MANUAL, open_room


async def test_what_admins_did_can_be_read(host: Person) -> None:
    room = await open_room(host, policies=MANUAL)
    guest, other = await room.guests(2)
    await room.give_role(guest.membership["id"], "ADMIN")
    await host.ok("PATCH", room.path, {"capacity": 77, "policies": {"guests_allowed": False}})
    proposal = await room.propose(other, "Decided by somebody")
    own = await room.propose(other, "Taken back by its author")
    await other.ok("DELETE", f"{room.path}/assumption-proposals/{own}")
    verdict = {"status": "REJECTED", "reason": "No"}
    path = f"{room.path}/assumption-proposals/{proposal}/status"
    await guest.ok("PATCH", path, verdict)
    comment = await other.ok("POST", f"{room.path}/comments", {"content": "Rude"})
    await guest.ok("DELETE", f"{room.path}/comments/{comment['id']}")
    await room.manage(other.membership["id"], "ban", by=guest)

    page = await host.get(f"{room.path}/audit")
    told = [(one["action"], one["actor"]["id"]) for one in page["items"]]
    assert told == [
        ("membership.banned", guest.id),
        ("comment.removed", guest.id),
        ("proposal.rejected", guest.id),
        ("event.edited", host.id),
        ("membership.role", host.id),
        ("event.moved", host.id),
        ("event.opened", host.id),
    ]
    by_action = {one["action"]: one["detail"] for one in page["items"]}
    assert by_action["event.moved"] == {"status": "IN_PROGRESS"}
    assert by_action["event.edited"]["capacity"] == 77
    assert by_action["event.edited"]["policies"]["guests_allowed"] is False
    assert set(by_action["event.edited"]) == {"capacity", "policies"}
    assert by_action["membership.role"]["role"] == "ADMIN"
    assert by_action["proposal.rejected"]["decision_reason"] == "No"
    assert page["next_before"] is None

    first = await guest.get(f"{room.path}/audit?limit=3")
    rest = await guest.get(f"{room.path}/audit?limit=3&before={first['next_before']}")
    assert [*first["items"], *rest["items"]] == page["items"][:6]


async def test_a_removal_is_no_lifted_ban(host: Person) -> None:
    room = await open_room(host)
    kicked, banned = [guest.membership["id"] for guest in await room.guests(2)]
    await room.manage(kicked, "kick")
    await room.manage(banned, "ban")
    await room.manage(banned, "unban")
    page = await host.get(f"{room.path}/audit?limit=3")
    told = [(one["action"], one["detail"]["earlier_status"]) for one in page["items"]]
    assert told == [
        ("membership.left", "BANNED"),
        ("membership.banned", "ACCEPTED"),
        ("membership.left", "ACCEPTED"),
    ]


async def test_members_do_not_read_it(host: Person) -> None:
    room = await open_room(host)
    (guest,) = await room.guests(1)
    problem(await guest.send("GET", f"{room.path}/audit"), 403, "admins_only")
