import asyncio
from collections import Counter
from itertools import chain

from tests.support.client import Api, Person
from tests.support.rooms import Room, open_room
from tests.support.truth import Truth

OLDEST_FIRST = "SELECT status FROM memberships WHERE id = ANY(%s::uuid[]) ORDER BY requested_at, id"


async def _members(api: Api, host: Person, count: int) -> list[Person]:
    """People who are known, but not to the event they will want to enter."""
    lobby = await open_room(host, start=False)
    assert lobby.owner.api is api
    return await lobby.guests(count)


async def test_ten_places_take_ten_of_a_hundred(api: Api, host: Person, truth: Truth) -> None:
    people = await _members(api, host, 100)
    room = await open_room(host, capacity=11)  # the owner has one

    answers = await asyncio.gather(
        *(p.send("POST", "/events/entry", {"entrance_code": room.code}) for p in people)
    )

    assert Counter(answer.status_code for answer in answers) == {201: 10, 409: 90}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"event_full"}
    assert (await truth.check(room.id))["members"] == 11


async def test_ten_places_take_ten_of_a_hundred_guests(
    api: Api, host: Person, truth: Truth
) -> None:
    room = await open_room(host, capacity=11)
    before = await truth.number("SELECT count(*) FROM users")
    body = {"name": "Guest", "entrance_code": room.code}

    answers = await asyncio.gather(
        *(api.nobody().send("POST", "/auth/guest", body) for _ in range(100))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 10, 409: 90}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"event_full"}
    assert await truth.number("SELECT count(*) FROM users") == before + 10
    assert (await truth.check(room.id))["members"] == 11


async def test_one_person_who_joins_twenty_times_is_in_once(
    api: Api, host: Person, truth: Truth
) -> None:
    (person,) = await _members(api, host, 1)
    room = await open_room(host)

    entry = {"entrance_code": room.code}
    answers = await asyncio.gather(
        *(person.send("POST", "/events/entry", entry) for _ in range(20))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert (await truth.check(room.id))["members"] == 2


async def test_two_admins_approve_everybody_at_once(host: Person, truth: Truth) -> None:
    room = await open_room(host, capacity=12)
    (admin,) = await room.guests(1)
    await room.give_role(admin.membership["id"], "ADMIN")
    await host.ok("PATCH", room.path, {"policies": {"membership_auto_approved": False}})
    waiting = await room.guests(30)

    path = f"{room.path}/memberships/bulk-approve"
    answers = await asyncio.gather(*(p.ok("POST", path) for p in (host, admin) * 4))

    assert sum(answer["approved"] for answer in answers) == 10
    assert {answer["no_place"] for answer in answers} == {20}
    ids = [person.membership["id"] for person in waiting]
    in_order = await truth.rows(OLDEST_FIRST, ids)
    assert [row["status"] for row in in_order] == ["ACCEPTED"] * 10 + ["PENDING"] * 20
    assert (await truth.check(room.id))["members"] == 12


async def test_two_admins_decide_on_one_request(host: Person, truth: Truth) -> None:
    room = await open_room(host)
    (admin,) = await room.guests(1)
    await room.give_role(admin.membership["id"], "ADMIN")
    await host.ok("PATCH", room.path, {"policies": {"membership_auto_approved": False}})

    async def fight(guest: Person) -> None:
        path = f"{room.path}/memberships/{guest.membership['id']}"
        answers = await asyncio.gather(
            host.send("PATCH", f"{path}/approve"), admin.send("PATCH", f"{path}/reject")
        )
        (won,) = (answer.json() for answer in answers if answer.is_success)
        (lost,) = (answer.json() for answer in answers if not answer.is_success)
        assert (lost["status"], lost["current"]) == (409, won["status"])

    await asyncio.gather(*map(fight, await room.guests(16)))
    await truth.check(room.id)


async def test_one_entrance_code_is_taken_once(host: Person, truth: Truth) -> None:
    body = {"subject": "Mine", "options": ["Yes"], "entrance_code": "ACDEFG"}

    answers = await asyncio.gather(*(host.send("POST", "/events", body) for _ in range(16)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 15}
    refused = {a.json()["code"] for a in answers if a.status_code == 409}
    assert refused == {"entrance_code_taken"}
    holders = await truth.number("SELECT count(*) FROM events WHERE entrance_code = 'ACDEFG'")
    assert holders == 1


async def test_codes_are_exchanged_without_a_deadlock(host: Person, truth: Truth) -> None:
    rooms = [await open_room(host, start=False) for _ in range(2)]

    async def take(room: Room, code: str) -> int:
        answer = await host.send("PATCH", room.path, {"entrance_code": code})
        return answer.status_code

    wishes = chain.from_iterable((take(r, "QQQQQ1"), take(r, "QQQQQ2")) for r in rooms * 8)
    statuses = await asyncio.gather(*wishes)

    assert set(statuses) <= {200, 409}
    codes = [(await host.get(room.path))["entrance_code"] for room in rooms]
    assert len(set(codes)) == 2
    for room in rooms:
        await truth.check(room.id)


async def test_one_email_signs_up_once(api: Api, truth: Truth) -> None:
    body = {"email": "Twice@example.org", "password": "correct horse", "name": "Twice"}
    same = {**body, "email": "twice@EXAMPLE.org"}

    answers = await asyncio.gather(
        *(api.nobody().send("POST", "/auth/signup", wish) for wish in (body, same) * 8)
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 15}
    count = "SELECT count(*) FROM users WHERE lower(email) = 'twice@example.org'"
    assert await truth.number(count) == 1
