"""A copy is taken in the middle of a storm and restored later, as docs/deploy.md tells."""

import asyncio
import copy
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random, SystemRandom

import psycopg
import pytest

from app.launch.postgres import Postgres
from app.launch.schema import migrate
from app.launch.valkey import Valkey
from tests.faults.checker import check
from tests.faults.history import Deed, Facts, History, Watch
from tests.faults.people import Joiners, Storm, Voter, Watcher
from tests.faults.run import PATIENCE, POLICIES, read_facts
from tests.support.client import Person, connect
from tests.support.rooms import open_room
from tests.support.server import ROOT, Server
from tests.support.truth import Truth, ask

SEED = int(os.environ.get("ASSENT_FAULTS_SEED") or SystemRandom().randrange(10**6))
BUILD = Path(__file__).parents[2] / "build"
VOTERS, WATCHERS, DEEDS = 8, 3, 40


@dataclass
class Keeper:
    """Who runs the servers and keeps the copies."""

    postgres: Postgres
    servers: tuple[Server, ...]
    file: Path

    async def back_up(self) -> None:
        await self._run("pg_dump", "--format=custom", f"--file={self.file}", self.postgres.url())

    async def restore(self) -> None:
        """Serve what the copy holds, under epochs of its own, at the addresses of before."""
        for server in self.servers:
            server.stop()
        with psycopg.connect(self.postgres.url("postgres"), autocommit=True) as line:
            line.execute("CREATE DATABASE restored")
        url = self.postgres.url("restored")
        await self._run("pg_restore", "--no-owner", f"--dbname={url}", str(self.file))
        for command in ("migrate", "new-epoch"):
            await _succeed(sys.executable, "-m", "app.cli", command, DATABASE_URL=url)
        for server in self.servers:
            server.environment["DATABASE_URL"] = url
            server.start()
            await asyncio.to_thread(server.ready)

    async def _run(self, program: str, *words: str) -> None:
        await _succeed(str(self.postgres.cluster.program.with_name(program)), *words)


async def _succeed(*command: str, **environment: str) -> None:
    environment = {**os.environ, **environment}
    done = await asyncio.to_thread(
        *(subprocess.run, command), cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    postgres, valkey = Postgres(tmp_path / "postgres"), Valkey(tmp_path / "valkey.log")
    if not postgres.cluster.program.with_name("pg_dump").exists():
        pytest.skip("this PostgreSQL came without pg_dump")
    for part in (postgres, valkey):
        part.start()
    migrate(postgres.url())
    settings = {"DATABASE_URL": postgres.url(), "REDIS_URL": valkey.url, "ASSENT_HEARTBEAT": "2"}
    servers = tuple(Server(tmp_path / f"server-{n}", dict(settings)) for n in range(2))
    for server in servers:
        server.folder.mkdir()
        server.start()
    for server in servers:
        server.ready()
    yield Keeper(postgres, servers, tmp_path / "copy")
    for server in servers:
        server.stop()
    for part in (postgres, valkey):
        part.stop()
    assert [line for server in servers for line in server.complaints()] == []


@asynccontextmanager
async def _raging(storm: Storm, people: list[Person]) -> AsyncIterator[None]:
    """Let people vote, propose, comment and join; in the end, let each finish what they began."""
    storm.busy = True
    actors = [Voter(storm, person, f"voter-{n}") for n, person in enumerate(people)]
    acting = [asyncio.create_task(actor.live()) for actor in (*actors, Joiners(storm, "joiners"))]
    yield
    storm.busy = False
    await asyncio.gather(*acting)


async def _until_done(storm: Storm, more: int) -> None:
    """Come back when so many further writes were acknowledged; whoever looks on sees each."""
    aim = more + _done(storm)
    async with asyncio.timeout(PATIENCE * 2):
        while _done(storm) < aim:
            storm.news.clear()
            await storm.news.wait()


def _done(storm: Storm) -> int:
    return sum(deed.is_done for deed in storm.history.deeds)


def _look_on(storm: Storm, people: list[Person], cursors: list[str | None]) -> list[Watcher]:
    watchers = []
    for n, (person, cursor) in enumerate(zip(people, cursors, strict=True)):
        watch = Watch(f"watcher-{n}", person.id, admin=person is storm.room.owner)
        watchers.append(Watcher(storm, person, watch, cursor))
    return watchers


async def _look_until(watchers: list[Watcher], head: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while any(watcher.seq < head for watcher in watchers):
            watchers[0].storm.news.clear()
            await watchers[0].storm.news.wait()


def _kept(before: History, restored: Facts, copied: int) -> list[Deed]:
    """Return what was done up to the last number that the copy has, as the new epoch knows it."""
    deeds = []
    for deed in before.deeds:
        if deed.seq is not None and deed.seq <= copied:
            same = copy.deepcopy(deed)
            same.answers = [replace(answer, epoch=restored.epoch) for answer in same.answers]
            deeds.append(same)
    return deeds


async def _send_again(storm: Storm, lost: list[Deed], people: dict[str, Person]) -> None:
    """Ask once more, with the keys of then, for what the copy does not have."""
    for deed in lost:
        again = replace(deed, began=storm.history.tick(), answers=[], lost=[])
        storm.history.deeds.append(again)
        for _ in range(2):
            assert await storm.attempt(people[deed.who], again)


async def test_a_copy_of_a_storm_is_restored_and_nobody_is_shown_what_is_gone(
    keeper: Keeper,
) -> None:
    async with connect(*(server.url for server in keeper.servers)) as api:
        host = await api.sign_up("Host")
        room = await open_room(host, policies=POLICIES)
        voters = await room.guests(VOTERS)
        watching = [host, *await room.guests(WATCHERS)]
        first = Storm(History(SEED), room, Random(SEED))
        watchers = _look_on(first, watching, [None] * len(watching))
        looking = [asyncio.create_task(watcher.live()) for watcher in watchers]
        async with _raging(first, voters):
            await _until_done(first, DEEDS)
            begun = first.history.tick()
            await asyncio.gather(keeper.back_up(), _until_done(first, DEEDS))
        await _look_until(watchers, max(deed.seq or 0 for deed in first.history.deeds))
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
        await keeper.restore()

        second = Storm(History(SEED, now=first.history.now), room, Random(SEED + 1))
        second.words = first.words
        wrong, facts = await _after(second, keeper, first, voters, watchers)
    for deed in first.history.deeds:
        if deed.is_done and (deed.ended or 0) < begun and (deed.seq or 0) > facts.head:
            wrong.append(f"{deed.verb} {deed.what} was acknowledged before the copy, and is lost")
    if wrong:
        path = BUILD / f"restore-{SEED}.log"
        second.history.write(path, facts, wrong)
        pytest.fail(f"seed {SEED}, history in {path}:\n" + "\n".join(wrong[:20]))


async def _after(
    storm: Storm, keeper: Keeper, first: Storm, voters: list[Person], before: list[Watcher]
) -> tuple[list[str], Facts]:
    """Let it go on where the copy left off, and return what is wrong with it."""
    history, room = storm.history, storm.room
    async with await ask(keeper.postgres.url("restored")) as connection:
        truth = Truth(connection)
        restored = await read_facts(truth, room)
        copied = restored.head - 1  # the last is the new epoch's own
        history.deeds = _kept(first.history, restored, copied)
        lost = [d for d in first.history.deeds if d.seq is not None and d.seq > copied]
        assert lost, "the copy has everything: nothing was tried"
        watchers = _look_on(storm, [w.person for w in before], [w.cursor for w in before])
        looking = [asyncio.create_task(watcher.live()) for watcher in watchers]
        people = {f"voter-{n}": voter for n, voter in enumerate(voters)}
        await _send_again(storm, lost, people | {"joiners": room.owner.api.nobody()})
        async with _raging(storm, voters):
            await _until_done(storm, DEEDS)
        await _look_until(watchers, await truth.head(room.id))
        facts = await read_facts(truth, room)
    for watcher in watchers:
        watcher.watch.fresh = await watcher.person.get(room.path)
    for task in looking:
        task.cancel()
    await asyncio.gather(*looking, return_exceptions=True)
    wrong = check(history, facts)
    wrong += [line for watcher in watchers for line in _began_anew(watcher.watch, facts)]
    return wrong, facts


def _began_anew(watch: Watch, facts: Facts) -> Iterator[str]:
    """Say what somebody was shown of the log that is gone, or without a word that it is."""
    sights = [sight for look in watch.looks for sight in look.sights]
    if [sight.name for sight in sights[:2]] != ["reset", "snapshot"]:
        yield f"{watch.who} was not told to start over, but {[s.name for s in sights[:3]]}"
    elif sights[0].data["reason"] != "unknown_epoch":
        yield f"{watch.who} starts over because of {sights[0].data}"
    for sight in sights:
        if sight.epoch not in {None, facts.epoch}:
            yield f"{watch.who} was shown {sight.seq} of an epoch that is gone"
