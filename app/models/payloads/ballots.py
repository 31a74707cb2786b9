"""Ballots and results as JSON."""

from uuid import UUID

from app.models.payloads.shapes import Moment, Payload


class BallotPayload(Payload):
    """`ranking_outdated` says that the criteria changed after the ballot was cast."""

    option_id: UUID
    criterion_ids: list[UUID]
    ranking_outdated: bool
    updated_at: Moment


class OptionResult(Payload):
    option_id: UUID
    content: str
    votes: int


class CriterionResult(Payload):
    criterion_id: UUID
    content: str
    first_choices: int
    weighted_score: int


class ResultPayload(Payload):
    total_members: int
    voters: int
    options: list[OptionResult]
    criteria: list[CriterionResult]
