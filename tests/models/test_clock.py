"""The time of day as the database tells it."""

from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from app.models.clock import Clock

YEARS = timedelta(days=40 * 365)
ROUNDED = timedelta(milliseconds=1)


def test_it_is_the_machines_own_until_one_is_told() -> None:
    clock = Clock()
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


def test_what_was_told_goes_on() -> None:
    clock, told, moment = Clock(), datetime.now(UTC) + YEARS, monotonic()
    clock.set(told, moment, moment)
    gone, most = clock.now() - told, timedelta(seconds=monotonic() - moment)
    assert -ROUNDED <= gone <= most + ROUNDED
    assert clock.off() > YEARS.total_seconds() - 60


@pytest.mark.parametrize(("took", "stays"), [(1_000, True), (100, False)])
def test_a_slow_question_does_not_put_it_off(took: float, stays: bool) -> None:
    """Half of what it took is as much as the answer may be wrong."""
    clock, told, moment = Clock(), datetime(2040, 1, 1, tzinfo=UTC), monotonic()
    clock.set(told, moment, moment)
    clock.set(told + timedelta(seconds=300), moment - took / 2, moment + took / 2)
    began = clock.now() - timedelta(seconds=monotonic() - moment)
    assert (began < told + timedelta(seconds=150)) is stays


def test_put_back_a_little_it_stands_still_and_by_much_it_goes_back() -> None:
    """What is written later never has an earlier date, unless that was plainly wrong."""
    clock, told, moment = Clock(), datetime(2040, 1, 1, tzinfo=UTC), monotonic() - 300
    clock.set(told, moment, moment)
    before = clock.now()
    clock.set(told - timedelta(seconds=0.9), moment, moment)
    assert clock.now() >= before
    clock.set(told - timedelta(seconds=90), moment, moment)
    assert clock.now() < before
