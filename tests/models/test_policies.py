from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.models.bodies import PoliciesEdit
from app.models.policies import CountPolicy, Policies, SharePolicy
from app.models.statuses import ProposalKind
from app.services.events import merge_policies


@given(percent=st.integers(1, 100), voters=st.integers(0, 100_000))
def test_a_share_is_the_least_whole_number_that_reaches_it(percent: int, voters: int) -> None:
    needed = SharePolicy(threshold_percent=percent).needed(voters)
    share = Fraction(percent * voters, 100)
    assert needed is not None
    assert needed >= max(1, share)
    assert needed == 1 or needed - 1 < share


@pytest.mark.parametrize("voters", [0, 1, 1_000])
def test_a_count_is_the_same_for_any_crowd(voters: int) -> None:
    assert CountPolicy(min_votes=4).needed(voters) == 4


def test_a_rule_that_is_off_needs_nothing() -> None:
    assert CountPolicy(auto_approve=False).needed(5) is None
    assert SharePolicy(auto_approve=False).needed(5) is None


def test_the_defaults_are_those_of_the_domain() -> None:
    policies = Policies()
    found = [policies.needed(kind, 10) for kind in ProposalKind]
    assert found == [3, 3, 5]
    assert policies.max_pending_per_member == 5
    assert policies.membership_auto_approved
    assert policies.guests_allowed


@pytest.mark.parametrize(
    "bad",
    [
        {"assumption": {"min_votes": 0}},
        {"conclusion": {"threshold_percent": 101}},
        {"max_pending_per_member": "5"},
    ],
)
def test_what_no_policy_says(bad: dict[str, object]) -> None:
    for shape in (Policies, PoliciesEdit):
        with pytest.raises(ValidationError):
            shape.model_validate(bad)


@pytest.mark.parametrize("bad", [{"conclusion": {"min_votes": 3}}, {"surprise": 1}])
def test_what_nobody_may_send(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PoliciesEdit.model_validate(bad)


def test_parts_of_a_newer_version_are_kept() -> None:
    """An old process reads them, and its edits do not take them away."""
    stored = Policies().model_dump() | {"surprise": True}
    stored["criterion"]["surprise"] = 7
    edit = PoliciesEdit.model_validate({"criterion": {"min_votes": 4}, "guests_allowed": False})
    merged = merge_policies(Policies.model_validate(stored), edit)
    stored["criterion"]["min_votes"] = 4
    assert merged.model_dump() == stored | {"guests_allowed": False}
