"""Whether a storm kept every promise: pure questions to its history and to the database's facts.

In the manner of Jepsen's log workloads: every write is unique, the log gives each a number, and the
numbers have to agree with what was told, with what was seen, and with the order of it all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.faults.history import Deed, Facts, History, Look, Watch
from tests.support.client import Json
from tests.support.fold import fold

UNIQUE = {"comment": "comments", "propose": "proposals", "join": "memberships"}
"""Deeds that leave a word of their own, and the table in which it stands."""
VOTE_TYPE, MEMBERSHIP_TYPE = "tally.changed", "membership.changed"
COLUMNS = ("agree", "disagree", "abstain")


def check(history: History, facts: Facts) -> list[str]:
    """Return what is wrong, as sentences."""
    questions = (
        _log_is_gapless,
        _answers_are_honest,
        _told_is_there_once,
        _refused_is_nowhere,
        _order_is_real,
        _votes_add_up,
        _decisions_are_final,
        _the_rest_holds,
    )
    wrong = [line for question in questions for line in question(history, facts)]
    for watch in history.watches:
        wrong += [f"{watch.who}: {line}" for line in _saw_the_log(watch, facts)]
    return [*history.strange, *wrong]


def _log_is_gapless(_history: History, facts: Facts) -> Iterator[str]:
    numbers = [row["seq"] for row in facts.log]
    if numbers != list(range(1, facts.head + 1)):
        missing = sorted(set(range(1, facts.head + 1)) - set(numbers))
        yield f"the log has {len(numbers)} numbers up to {facts.head}; missing: {missing[:9]}"


def _answers_are_honest(history: History, _facts: Facts) -> Iterator[str]:
    """No server error without a word, one answer however often it is asked, no open question."""
    for deed in history.deeds:
        if any("500" in lost for lost in deed.lost):
            yield f"{_name(deed)} was answered 500"
        if deed.told is None:
            yield f"{_name(deed)} has no answer after all"
        elif deed.is_done and len(said := {answer.same for answer in deed.since_done}) > 1:
            yield f"{_name(deed)} was told different things: {said}"


def _told_is_there_once(history: History, facts: Facts) -> Iterator[str]:
    words = _words(facts)
    numbers: dict[int, Deed] = {}
    for deed in history.deeds:
        if not deed.is_done:
            continue
        if deed.seq is not None:
            if deed.seq in numbers:
                yield f"{_name(deed)} has the number of {_name(numbers[deed.seq])}"
            numbers[deed.seq] = deed
            if not 1 <= deed.seq <= facts.head:
                yield f"{_name(deed)} has number {deed.seq}, and the log ends at {facts.head}"
            if deed.told and deed.told.epoch != facts.epoch:
                yield f"{_name(deed)} has a number of another epoch"
        if deed.verb in UNIQUE:
            found = words[UNIQUE[deed.verb]][deed.what["word"]]
            if found != 1:
                yield f"{_name(deed)} was acknowledged and is there {found} times"


def _refused_is_nowhere(history: History, facts: Facts) -> Iterator[str]:
    words = _words(facts)
    asked = defaultdict(set)
    for deed in history.deeds:
        if deed.verb in UNIQUE:
            asked[UNIQUE[deed.verb]].add(deed.what["word"])
            found = words[UNIQUE[deed.verb]][deed.what["word"]]
            if deed.is_refused and found:
                yield f"{_name(deed)} was refused and is there {found} times"
    for table, counted in words.items():
        for word in counted.keys() - asked[table]:
            yield f"{word!r} is in {table} and nobody asked for it"


def _order_is_real(history: History, facts: Facts) -> Iterator[str]:
    """Whatever ended before something began has the smaller number; also for what is seen."""
    moments: list[tuple[int, bool, int, str]] = []
    for deed in history.deeds:
        if deed.seq is not None and deed.ended is not None:
            moments += [
                (deed.began, True, deed.seq, _name(deed)),
                (deed.ended, False, deed.seq, _name(deed)),
            ]
    for watch in history.watches:
        for look in watch.looks:
            moments += _looked(watch, look)
    highest, whose = 0, ""
    for at, begins, seq, who in sorted(moments):
        if begins and seq <= highest and not (who.endswith("snapshot") and seq == highest):
            yield f"{who} has number {seq} at {at}, after {highest} of {whose} was known"
        elif not begins and seq > highest:
            highest, whose = seq, who
    if highest > facts.head:
        yield f"{whose} knows of number {highest}, and the log ends at {facts.head}"


def _looked(watch: Watch, look: Look) -> Iterator[tuple[int, bool, int, str]]:
    for place, sight in enumerate(look.sights):
        if sight.seq is None:
            continue
        if sight.name == "snapshot" and place == 0:
            yield look.began, True, sight.seq, f"{watch.who}'s snapshot"
        yield sight.at, False, sight.seq, f"{watch.who}'s frame"


def _votes_add_up(history: History, facts: Facts) -> Iterator[str]:
    """The acknowledged votes, in the order of their numbers, make every tally that was told."""
    by_seq = {d.seq: d for d in history.deeds if d.verb == "vote" and d.seq is not None}
    votes: dict[tuple[str, str], str] = {}
    leaving, status = "", "NOT_STARTED"
    for row in facts.log:
        data = row["payload"]
        if row["type"] == "event.changed":
            status = data["status"]
        elif row["type"] == MEMBERSHIP_TYPE and data["status"] != "ACCEPTED":
            leaving = data["user"]["id"]
        elif row["type"] == VOTE_TYPE:
            proposal = data["proposal_id"]
            deed = by_seq.pop(row["seq"], None) or _deciding(by_seq, facts, row["seq"], proposal)
            who = deed.what["voter"] if deed else leaving
            if deed is None and (proposal, who) not in votes:
                yield f"the tally of number {row['seq']} was nobody's vote"
            if deed is not None and status != "IN_PROGRESS":
                yield f"{_name(deed)} counts as {row['seq']} while the event is {status}"
            votes.pop((proposal, who), None)
            if deed is not None and deed.what["choice"] is not None:
                votes[proposal, who] = deed.what["choice"]
            counted = Counter(c for (p, _), c in votes.items() if p == proposal)
            if data["tally"] != {name: counted[name.upper()] for name in COLUMNS}:
                yield f"number {row['seq']} tells {data['tally']}, the votes are {dict(counted)}"
    for deed in by_seq.values():
        yield f"{_name(deed)} was acknowledged as {deed.seq} and no tally tells it"
    yield from _votes_are_kept(votes, facts)


def _deciding(by_seq: dict[int, Deed], facts: Facts, seq: int, proposal: str) -> Deed | None:
    """Find the vote that met a policy: its number is that of the last thing it led to."""
    for row in facts.log[seq:]:
        if row["type"] == VOTE_TYPE:
            return None
        deed = by_seq.get(row["seq"])
        if deed is not None:
            return by_seq.pop(row["seq"]) if deed.what["proposal"] == proposal else None
    return None


def _votes_are_kept(votes: dict[tuple[str, str], str], facts: Facts) -> Iterator[str]:
    kept = Counter((v["proposal_id"], v["user_id"], v["choice"]) for v in facts.votes)
    wanted = Counter((proposal, who, choice) for (proposal, who), choice in votes.items())
    for proposal, who, choice in wanted - kept:
        yield f"the vote {choice} of {who} on {proposal} was acknowledged and is lost"
    for proposal, who, choice in kept - wanted:
        yield f"the vote {choice} of {who} on {proposal} is there and was not acknowledged"


def _decisions_are_final(_history: History, facts: Facts) -> Iterator[str]:
    decided: Counter[str] = Counter()
    created: Counter[str] = Counter()
    for row in facts.log:
        if row["type"] == "proposal.changed" and row["payload"]["status"] != "PENDING":
            decided[row["payload"]["id"]] += 1
        if row["type"] == "item.changed":
            created[row["payload"]["content"]] += 1
    for proposal in facts.proposals:
        once = int(proposal["status"] != "PENDING")
        if decided[proposal["id"]] != once:
            yield f"proposal {proposal['id']} was decided {decided[proposal['id']]} times"
        applied = int(proposal["status"] == "ACCEPTED")
        if created[proposal["word"]] != applied:
            yield f"proposal {proposal['id']} was applied {created[proposal['word']]} times"


def _the_rest_holds(history: History, facts: Facts) -> Iterator[str]:
    """Nobody in beyond the places; nothing done by, or shown to, somebody after their ban."""
    banned: dict[str, int] = {}
    for row in facts.log:
        data = row["payload"]
        if row["type"] == MEMBERSHIP_TYPE and data["status"] == "BANNED":
            banned[data["user"]["id"]] = row["seq"]
        counts = data.get("counts")
        if counts is not None and counts["members"] > facts.capacity:
            yield f"number {row['seq']} has {counts['members']} of {facts.capacity} places taken"
    for deed in history.deeds:
        last = banned.get(deed.what.get("voter", ""))
        if last is not None and deed.seq is not None and deed.seq > last:
            yield f"{_name(deed)} counts as {deed.seq}, after the ban of {last}"
    for watch in history.watches:
        last = banned.get(watch.user_id)
        for sight in (sight for look in watch.looks for sight in look.sights):
            if last is not None and (sight.seq or 0) > last:
                yield f"{watch.who} was banned with {last} and saw {sight.seq}"


def _saw_the_log(watch: Watch, facts: Facts) -> Iterator[str]:
    """One number after another, each as the log has it, and in the end what the database has."""
    state: Json = {}
    for look in watch.looks:
        for sight in look.sights:
            if sight.name == "reset":
                state = {}
            elif sight.name == "snapshot":
                state = sight.data
            elif not sight.name and sight.seq is not None:
                if sight.seq != state.get("seq", -1) + 1:
                    yield f"saw {sight.seq} after {state.get('seq')}"
                yield from _as_logged(watch, sight.seq, sight.data, facts)
                known = fold(state, sight.data) if sight.data and state else state
                state = {**known, "seq": sight.seq}
    if watch.over:
        return
    if state.get("seq") != facts.head:
        yield f"stands at {state.get('seq')}, and the log ends at {facts.head}"
    elif watch.fresh is not None and state != watch.fresh:
        parts = [name for name in watch.fresh if state.get(name) != watch.fresh[name]]
        yield f"folds something else than the database has, in {parts}"


def _as_logged(watch: Watch, seq: int, data: Json | None, facts: Facts) -> Iterator[str]:
    if seq > len(facts.log):
        yield f"saw {seq}, which was never committed"
        return
    row = facts.log[seq - 1]
    if data is None:
        if watch.admin or row["for_user_id"] in {None, watch.user_id}:
            yield f"was not shown {seq}"
    elif (data["seq"], data["type"], data["data"]) != (seq, row["type"], row["payload"]):
        yield f"saw something else as {seq} than the log has"


def _words(facts: Facts) -> dict[str, Counter[str]]:
    return {
        table: Counter(row["word"] for row in getattr(facts, table) if row["word"])
        for table in UNIQUE.values()
    }


def _name(deed: Deed) -> str:
    what = " ".join(str(value) for name, value in deed.what.items() if name != "voter")
    return f"{deed.who}'s {deed.verb} {what} [{deed.key[:8]}]"
