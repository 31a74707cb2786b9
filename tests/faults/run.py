"""One storm from its first joiner to its verdict."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

import httpx2

from tests.faults.history import Facts, History, Watch
from tests.faults.nemesis import Nemesis
from tests.faults.people import Admin, Joiners, Storm, Voter, Watcher
from tests.faults.world import World
from tests.support.client import Api, Person, connect
from tests.support.rooms import Room, open_room
from tests.support.truth import Truth, ask

VOTERS, WATCHERS, VICTIMS, CAPACITY = 14, 4, 3, 40
# Voters and watchers who look on from a phone.
ON_THE_WAY: Final = 2
PATIENCE: Final = 60.0
POLICIES = {
    "assumption": {"auto_approve": False},
    "criterion": {"min_votes": 4},
    "conclusion": {"auto_approve": False},
}


@dataclass
class Crowd:
    """Who is there: the person of every deed, by name."""

    people: dict[str, Person]
    watchers: list[Watcher]
    actors: list[Voter | Admin | Joiners]


async def storm(world: World, url: str, seed: int, seconds: float) -> tuple[History, Facts]:
    """Let it rage, wait until all is quiet, ask every open question again, and read the facts."""
    history = History(seed)
    async with _everywhere(world) as (api, phones):
        host = await api.sign_up("Host")
        room = await open_room(host, policies=POLICIES, capacity=CAPACITY, options=["A", "B"])
        raging = Storm(history, room, Random(seed))
        crowd = await _gather(raging, api, phones)
        looking = [asyncio.create_task(watcher.live()) for watcher in crowd.watchers]
        acting = [asyncio.create_task(actor.live()) for actor in crowd.actors]
        await Nemesis(world, raging, Random(seed + 1)).rage(seconds)
        raging.busy = False
        await asyncio.gather(*acting)
        await _settle(raging, crowd, api)
        async with await ask(url) as connection:
            facts = await read_facts(Truth(connection), room)
        await _catch_up(raging, crowd, facts)
        for task in looking:
            task.cancel()
        for ended in await asyncio.gather(*looking, return_exceptions=True):
            if isinstance(ended, Exception):
                history.strange.append(f"a watcher failed: {ended!r}")
    return history, facts


@contextlib.asynccontextmanager
async def _everywhere(world: World) -> AsyncIterator[tuple[Api, Api]]:
    """Connect people to the servers: those at home, and those whose phone may go out of range."""
    async with connect(*(server.url for server in world.servers)) as at_home:
        if world.phones is None:
            yield at_home, at_home
            return
        await world.phones.switch_on(*world.servers)
        async with connect(*world.phones.urls) as on_the_way:
            yield at_home, on_the_way
        world.phones.switch_off()


async def _gather(raging: Storm, api: Api, phones: Api) -> Crowd:
    room = raging.room
    voters = await asyncio.gather(
        *(api.guest(room.code, f"voter {n}") for n in range(VOTERS + VICTIMS))
    )
    quiet = await asyncio.gather(*(api.guest(room.code, f"quiet {n}") for n in range(WATCHERS)))
    voters[:ON_THE_WAY] = [replace(who, api=phones) for who in voters[:ON_THE_WAY]]
    quiet[:ON_THE_WAY] = [replace(who, api=phones) for who in quiet[:ON_THE_WAY]]
    admin = await api.guest(room.code, "second admin")
    await room.give_role(admin.membership["id"], "ADMIN")
    victims = voters[VOTERS:]
    owner = Admin(raging, room.owner, "owner", [str(v.membership["id"]) for v in victims])
    names = {f"voter-{n}": voter for n, voter in enumerate(voters)}
    actors = [Voter(raging, voter, who) for who, voter in names.items()]
    watching = {f"watcher-{n}": (person, False) for n, person in enumerate(quiet)}
    watching |= {f"victim-{n}": (person, False) for n, person in enumerate(victims)}
    watching |= {"owner-eye": (room.owner, True), "owner-eye-2": (room.owner, True)}
    watchers = [
        Watcher(raging, person, Watch(who, person.id, admin=sees_all))
        for who, (person, sees_all) in watching.items()
    ]
    people = {**names, "owner": room.owner, "admin": admin, "joiners": api.nobody()}
    others = [owner, Admin(raging, admin, "admin"), Joiners(raging, "joiners")]
    return Crowd(people, watchers, [*actors, *others])


async def _settle(raging: Storm, crowd: Crowd, api: Api) -> None:
    """Wait for every server, and for what it took; then ask again, with each key, what it did."""
    for place in range(len(api.clients)):
        await _answers(raging.room, place)
    (owner,) = [actor for actor in crowd.actors if actor.who == "owner"]
    assert isinstance(owner, Admin)
    await owner.end_pause()
    gate = asyncio.Semaphore(8)

    async def again(place: int) -> None:
        deed = raging.history.deeds[place]
        async with gate:
            for _ in range(20):
                if await raging.attempt(crowd.people[deed.who], deed):
                    return

    deeds = raging.history.deeds
    asked = [n for n, deed in enumerate(deeds) if deed.is_done or deed.lost]
    await asyncio.gather(*(again(n) for n in asked))


async def _answers(room: Room, place: int) -> None:
    """Come back when this server writes: whatever it had taken before is done then."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(httpx2.TransportError):
                body = {"content": "All quiet?"}
                said = await room.owner.send("POST", f"{room.path}/comments", body, at=place)
                if said.is_success:
                    return


async def _catch_up(raging: Storm, crowd: Crowd, facts: Facts) -> None:
    """Give watchers the time to see it all, and let each read the event as it is now."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while any(w.seq < facts.head and not w.watch.over for w in crowd.watchers):
                raging.news.clear()
                await raging.news.wait()
    for watcher in crowd.watchers:
        # Who votes knows of their own votes from the answers: no frame tells them.
        if not watcher.watch.over and not watcher.watch.who.startswith("victim"):
            watcher.watch.fresh = await watcher.person.get(raging.room.path)


async def read_facts(truth: Truth, room: Room) -> Facts:
    """Return what the database says of an event, when that is true in itself."""
    await truth.check(room.id)
    event = await truth.row("SELECT epoch::text, seq, capacity FROM events WHERE id = %s", room.id)

    async def rows(what: str) -> list[dict[str, Any]]:
        return await truth.rows(what, room.id)

    return Facts(
        epoch=event["epoch"],
        head=event["seq"],
        capacity=event["capacity"],
        log=await rows(
            "SELECT seq, type, for_user_id::text, payload FROM changes "
            "WHERE event_id = %s ORDER BY seq"
        ),
        votes=await rows(
            "SELECT proposal_id::text, user_id::text, choice FROM proposal_votes "
            "WHERE event_id = %s"
        ),
        comments=await rows(
            "SELECT nullif(content, 'All quiet?') AS word FROM comments WHERE event_id = %s"
        ),
        memberships=await rows(
            "SELECT CASE WHEN u.name LIKE 'joiners%%' THEN u.name END AS word, m.status "
            "FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.event_id = %s"
        ),
        proposals=await rows(
            "SELECT id::text, status, content AS word FROM proposals WHERE event_id = %s"
        ),
        items=await rows("SELECT id::text, content FROM items WHERE event_id = %s"),
    )
