from enum import StrEnum
from itertools import product
from typing import Any

import pytest

import app.utils.state_transition as machine
from app.models import Event, Membership, Proposal
from app.models.errors import IllegalTransition
from app.models.statuses import EventStatus, MembershipStatus, ProposalStatus

# `domain.md` §2, §3 and §5, written down a second time.
NOUNS: dict[str, tuple[type[Any], type[StrEnum], set[str]]] = {
    "event": (
        Event,
        EventStatus,
        {
            "NOT_STARTED IN_PROGRESS",
            "IN_PROGRESS PAUSED",
            "PAUSED IN_PROGRESS",
            "PAUSED FINISHED",
            "IN_PROGRESS FINISHED",
        },
    ),
    "membership": (
        Membership,
        MembershipStatus,
        {
            "PENDING ACCEPTED",
            "PENDING REJECTED",
            "ACCEPTED LEFT",
            "ACCEPTED BANNED",
            "LEFT PENDING",
            "LEFT ACCEPTED",
            "BANNED LEFT",
            "REJECTED PENDING",
        },
    ),
    "proposal": (
        Proposal,
        ProposalStatus,
        {"PENDING ACCEPTED", "PENDING REJECTED", "PENDING DELETED"},
    ),
}
PAIRS = [
    (noun, current, wanted)
    for noun, (_, statuses, _) in NOUNS.items()
    for current, wanted in product(statuses, statuses)
]


@pytest.mark.parametrize(("noun", "current", "wanted"), PAIRS)
def test_a_status_moves_along_its_table_only(noun: str, current: StrEnum, wanted: StrEnum) -> None:
    model, _, ways = NOUNS[noun]
    row = model(status=current)
    if f"{current} {wanted}" in ways:
        row.status = wanted
        assert row.status is wanted
        return
    with pytest.raises(IllegalTransition) as caught:
        row.status = wanted
    assert caught.value.current == current
    assert row.status is current


def test_a_new_row_may_begin_anywhere() -> None:
    for model, statuses, _ in NOUNS.values():
        for status in statuses:
            assert model(status=status).status is status


def test_the_tables_name_every_status() -> None:
    tables = (
        machine.EVENT_TRANSITIONS,
        machine.MEMBERSHIP_TRANSITIONS,
        machine.PROPOSAL_TRANSITIONS,
    )
    for table, (_, statuses, _) in zip(tables, NOUNS.values(), strict=True):
        assert set(table) == set(statuses)
