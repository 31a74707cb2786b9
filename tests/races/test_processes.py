"""The races are run by two processes: here is the proof that both take part."""

import asyncio
from collections import Counter

from tests.support.client import Api, Person
from tests.support.rooms import MANUAL, open_room
from tests.support.truth import Truth


async def _votes_written(api: Api) -> list[float]:
    pages = [await api.nobody().send("GET", "/metrics", at=n) for n in range(len(api.clients))]
    lines = [line for page in pages for line in page.text.splitlines()]
    return [
        float(line.rpartition(" ")[2])
        for line in lines
        if line.startswith("assent_batch_votes_sum")
    ]


async def test_both_processes_write_in_one_event_at_once(
    api: Api, host: Person, truth: Truth
) -> None:
    room = await open_room(host, policies=MANUAL)
    voters = await room.guests(60)
    proposal = await room.propose(host)
    before = await _votes_written(api)
    votes = [voter.send("POST", room.votes_on(proposal)) for voter in voters]
    answers = await asyncio.gather(*votes)
    written = [after - b for after, b in zip(await _votes_written(api), before, strict=True)]
    assert Counter(answer.status_code for answer in answers) == {201: 60}
    assert written == [30, 30]
    assert await truth.votes(proposal) == 60
    await truth.check(room.id)
