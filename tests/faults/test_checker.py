"""Whether the checker sees what it is there to see: histories in which one thing is not true."""

import copy
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from tests.faults.checker import check
from tests.faults.history import Answer, Deed, Facts, History, Look, Sight, Watch
from tests.support.client import Json

Doctor = Callable[[History, Facts], None]
EPOCH = "epoch"


def _row(seq: int, kind: str, payload: Json) -> Json:
    return {"seq": seq, "type": kind, "for_user_id": None, "payload": payload}


def _member(user: str, status: str) -> Json:
    return {"id": f"m-{user}", "user": {"id": user}, "status": status, "role": "MEMBER"}


def _tally(agree: int, disagree: int = 0) -> Json:
    tally = {"agree": agree, "disagree": disagree, "abstain": 0}
    return {"proposal_id": "p", "tally": tally, "needed": None}


LOG = [
    _row(1, "event.changed", {"status": "IN_PROGRESS", "counts": {"members": 2}, "needed": {}}),
    _row(2, "membership.changed", _member("joiner", "ACCEPTED")),
    _row(3, "proposal.changed", {"id": "p", "status": "PENDING", "content": "ann-1"}),
    _row(4, "tally.changed", _tally(1)),
    _row(5, "tally.changed", _tally(1, 1)),
    _row(6, "comment.changed", {"subject": {"type": "event", "id": "e"}, "comment_count": 1}),
    _row(7, "membership.changed", _member("bob", "BANNED")),
    _row(8, "tally.changed", _tally(1)),
    _row(9, "proposal.changed", {"id": "p", "status": "ACCEPTED", "content": "ann-1"}),
    _row(10, "item.changed", {"kind": "assumption", "content": "ann-1", "id": "i"}),
]
SNAPSHOT = {"seq": 5, "comment_count": 0}


def _deed(began: int, ended: int, who: str, verb: str, seq: int | None, **what: str) -> Deed:
    deed = Deed(began, who, verb, {"voter": who, **what}, f"key-{began}")
    body = orjson.dumps({"seq": seq})
    deed.answers = [Answer(ended, 201, body, EPOCH if seq else None, seq)]
    deed.answers.append(Answer(90 + began, 201, body, EPOCH if seq else None, seq, replayed=True))
    return deed


def _refused(began: int, word: str) -> Deed:
    deed = Deed(began, "bob", "comment", {"voter": "bob", "word": word}, f"key-{began}")
    deed.answers = [Answer(began + 1, 403)]
    return deed


def _true_history() -> tuple[History, Facts]:
    """A small storm in which everything is as it should be."""
    deeds = [
        _deed(1, 2, "joiners", "join", 2, word="joiners-1"),
        _deed(3, 4, "ann", "propose", 3, word="ann-1"),
        _deed(5, 8, "ann", "vote", 4, proposal="p", choice="AGREE"),
        _deed(6, 9, "bob", "vote", 5, proposal="p", choice="DISAGREE"),
        _deed(12, 13, "ann", "comment", 6, word="ann-2"),
        _deed(14, 16, "owner", "ban", 8, membership="m-bob"),
        _refused(20, "bob-1"),
    ]
    sights = [Sight(11, "snapshot", EPOCH, 5, SNAPSHOT)]
    for at, row in enumerate(LOG[5:], start=30):
        change = {"seq": row["seq"], "type": row["type"], "data": row["payload"]}
        sights.append(Sight(at, "", EPOCH, row["seq"], change))
    ours = Watch("eye", "eve", admin=False, looks=[Look(10, None, 200, sights)])
    theirs = Watch("bob-eye", "bob", admin=False, over="banned")
    theirs.looks = [Look(10, None, 200, copy.deepcopy(sights[:3]))]
    facts = Facts(
        epoch=EPOCH,
        head=10,
        capacity=2,
        log=copy.deepcopy(LOG),
        votes=[{"proposal_id": "p", "user_id": "ann", "choice": "AGREE"}],
        comments=[{"word": "ann-2"}],
        memberships=[{"word": "joiners-1", "status": "ACCEPTED"}],
        proposals=[{"id": "p", "status": "ACCEPTED", "word": "ann-1"}],
        items=[],
    )
    history = History(1, now=200, deeds=deeds, watches=[ours, theirs])
    ours.fresh = _folded()
    return history, facts


def _folded() -> Json:
    event: Json = {"seq": 5, "comment_count": 0, "proposals": [], "assumptions": []}
    event["me"] = {"membership": None, "votes": {}}
    SNAPSHOT.update(event)
    proposal = LOG[8]["payload"]
    item = LOG[9]["payload"] | {"deleted": False, "position": 0}
    LOG[9]["payload"] = item
    return {
        **event,
        "seq": 10,
        "comment_count": 1,
        "proposals": [proposal],
        "assumptions": [item],
    }


_true_history()  # fills in what folds look at


def _vote_is_lost(_history: History, facts: Facts) -> None:
    facts.votes.clear()


def _vote_counts_twice(_history: History, facts: Facts) -> None:
    facts.votes *= 2


def _vote_of_nobody(_history: History, facts: Facts) -> None:
    facts.votes.append({"proposal_id": "p", "user_id": "zoe", "choice": "AGREE"})


def _tally_is_wrong(_history: History, facts: Facts) -> None:
    facts.log[3]["payload"] = _tally(2)


def _tally_of_nobody(history: History, _facts: Facts) -> None:
    del history.deeds[3]


def _vote_in_a_pause(_history: History, facts: Facts) -> None:
    facts.log[2] = _row(3, "event.changed", {"status": "PAUSED"})


def _a_number_is_missing(_history: History, facts: Facts) -> None:
    del facts.log[5]


def _comment_is_lost(_history: History, facts: Facts) -> None:
    facts.comments.clear()


def _comment_is_there_twice(_history: History, facts: Facts) -> None:
    facts.comments *= 2


def _refused_is_there(_history: History, facts: Facts) -> None:
    facts.comments.append({"word": "bob-1"})


def _replay_says_something_else(history: History, _facts: Facts) -> None:
    history.deeds[0].answers[1].body = b"{}"


def _replay_is_refused(history: History, _facts: Facts) -> None:
    history.deeds[0].answers[1] = Answer(99, 409)


def _unknown_for_ever(history: History, _facts: Facts) -> None:
    history.deeds[6].answers.clear()


def _answered_500(history: History, _facts: Facts) -> None:
    history.deeds[0].lost.append("500 internal_error")


def _two_have_one_number(history: History, _facts: Facts) -> None:
    history.deeds[0].answers = [Answer(2, 201, b"", EPOCH, 3)]


def _later_has_the_smaller_number(history: History, _facts: Facts) -> None:
    history.deeds[4].began, history.deeds[4].answers[0].at = 40, 41


def _snapshot_is_old(history: History, _facts: Facts) -> None:
    history.watches[0].looks[0].sights[0].seq = 4


def _seen_was_never_committed(_history: History, facts: Facts) -> None:
    facts.log.pop()
    facts.head = 9


def _a_frame_is_missing(history: History, _facts: Facts) -> None:
    del history.watches[0].looks[0].sights[2]


def _a_frame_comes_twice(history: History, _facts: Facts) -> None:
    sights = history.watches[0].looks[0].sights
    sights.insert(2, sights[2])


def _a_frame_says_something_else(history: History, _facts: Facts) -> None:
    history.watches[0].looks[0].sights[1].data["data"]["comment_count"] = 7


def _the_last_frames_are_missing(history: History, _facts: Facts) -> None:
    del history.watches[0].looks[0].sights[-2:]


def _shown_is_hidden(history: History, _facts: Facts) -> None:
    history.watches[0].looks[0].sights[1].data = None


def _folds_to_something_else(history: History, _facts: Facts) -> None:
    history.watches[0].fresh = {**_folded(), "subject": "Else"}


def _banned_goes_on_watching(history: History, _facts: Facts) -> None:
    history.watches[1].looks = copy.deepcopy(history.watches[0].looks)


def _banned_goes_on_writing(history: History, _facts: Facts) -> None:
    history.deeds[3].answers[0].seq = 9


def _too_many_are_in(_history: History, facts: Facts) -> None:
    facts.log[0]["payload"]["counts"] = {"members": 3}


def _decided_twice(_history: History, facts: Facts) -> None:
    facts.log[5] = _row(6, "proposal.changed", facts.log[8]["payload"])


def _never_applied(_history: History, facts: Facts) -> None:
    facts.log[9] = _row(10, "turnout.changed", {})


DOCTORS: dict[Doctor, str] = {
    _vote_is_lost: "is lost",
    _vote_counts_twice: "was not acknowledged",
    _vote_of_nobody: "was not acknowledged",
    _tally_is_wrong: "tells",
    _tally_of_nobody: "nobody's vote",
    _vote_in_a_pause: "while the event is PAUSED",
    _a_number_is_missing: "missing: [6]",
    _comment_is_lost: "there 0 times",
    _comment_is_there_twice: "there 2 times",
    _refused_is_there: "was refused and is there",
    _replay_says_something_else: "told different things",
    _replay_is_refused: "told different things",
    _unknown_for_ever: "has no answer",
    _answered_500: "was answered 500",
    _two_have_one_number: "has the number of",
    _later_has_the_smaller_number: "was known",
    _snapshot_is_old: "was known",
    _seen_was_never_committed: "was never committed",
    _a_frame_is_missing: "saw 8 after 6",
    _a_frame_comes_twice: "saw 7 after 7",
    _a_frame_says_something_else: "something else as 6",
    _the_last_frames_are_missing: "stands at 8",
    _shown_is_hidden: "was not shown 6",
    _folds_to_something_else: "in ['subject']",
    _banned_goes_on_watching: "and saw 8",
    _banned_goes_on_writing: "after the ban",
    _too_many_are_in: "of 2 places",
    _decided_twice: "decided 2 times",
    _never_applied: "applied 0 times",
}


def test_a_true_history_is_found_true() -> None:
    assert check(*_true_history()) == []


@pytest.mark.parametrize(
    ("doctor", "words"), DOCTORS.items(), ids=lambda one: getattr(one, "__name__", "")
)
def test_what_is_not_true_is_found(doctor: Doctor, words: str) -> None:
    history, facts = copy.deepcopy(_true_history())
    doctor(history, facts)
    wrong = check(history, facts)
    assert any(words in line for line in wrong), wrong


def test_an_unanswered_write_may_be_there_or_not() -> None:
    history, facts = copy.deepcopy(_true_history())
    deed = history.deeds[6]
    deed.began = 11
    deed.lost.append("Cut")
    deed.answers.append(Answer(60, 201, b"", EPOCH, 6))
    del history.deeds[4]
    facts.comments = [{"word": "bob-1"}]
    assert check(history, facts) == []


def test_a_failing_history_can_be_read(tmp_path: Path) -> None:
    history, facts = _true_history()
    history.fault("server 0 killed")
    path = tmp_path / "build" / "faults.log"
    history.write(path, facts, ["something is wrong"])
    text = path.read_text("utf-8")
    assert "something is wrong" in text
    assert "owner        asks  ban voter=owner membership=m-bob [key-14]" in text
    assert "*** server 0 killed ***" in text
    assert "eye          sees  6 comment.changed" in text
