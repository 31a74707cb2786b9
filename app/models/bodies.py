"""What comes in as JSON: strict, bounded, and with nothing undeclared."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt
from pydantic.config import JsonDict

from app.models.fields import Capacity, Code, EventPassword, Password
from app.models.policies import Percent, Votes
from app.models.statuses import Category, Choice, EventStatus, Locale, ProposalStatus, Role
from app.models.text import CommentText, Content, Description, Email, EmailTyped, Name, Subject


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ID = "018f0000-0000-7000-8000-000000000000"


def example(body: JsonDict) -> ConfigDict:
    """Show in the OpenAPI document what a body looks like; the rest of the shape is inherited."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class SignUp(Body):
    model_config = example({"email": "ana@example.org", "password": "long enough", "name": "Ana"})

    email: Email
    password: Password
    name: Name
    locale: Locale = Locale.ENGLISH


class LogIn(Body):
    model_config = example({"email": "ana@example.org", "password": "long enough"})

    email: EmailTyped
    password: Annotated[str, Field(strict=True, max_length=128)]


class Guest(Body):
    model_config = example({"name": "Ben", "entrance_code": "ASSENT"})

    name: Name
    entrance_code: Code
    password: EventPassword | None = None
    observe: Annotated[bool, Field(strict=True)] = False
    locale: Locale = Locale.ENGLISH


class Claim(Body):
    model_config = example({"email": "ben@example.org", "password": "long enough"})

    email: Email
    password: Password


class ProfileEdit(Body):
    model_config = example({"name": "Ana M.", "locale": "ko"})

    name: Name | None = None
    locale: Locale | None = None
    password: Password | None = None
    current_password: Annotated[str, Field(strict=True, max_length=128)] | None = None


class TokenRequest(Body):
    model_config = example({"name": "minutes bot", "days": 30})

    name: Name
    days: Annotated[StrictInt, Field(ge=1, le=365)] = 90


class ResetRequest(Body):
    model_config = example({"email": "ana@example.org"})

    email: EmailTyped


class ResetConfirm(Body):
    model_config = example({"token": "from the mail", "password": "longer than before"})

    token: Annotated[str, Field(strict=True, max_length=100)]
    password: Password


class CountPolicyEdit(Body):
    auto_approve: Annotated[bool, Field(strict=True)] | None = None
    min_votes: Votes | None = None


class SharePolicyEdit(Body):
    auto_approve: Annotated[bool, Field(strict=True)] | None = None
    threshold_percent: Percent | None = None


class PoliciesEdit(Body):
    """Any part of the policies; what is absent stays."""

    membership_auto_approved: Annotated[bool, Field(strict=True)] | None = None
    guests_allowed: Annotated[bool, Field(strict=True)] | None = None
    observers_allowed: Annotated[bool, Field(strict=True)] | None = None
    max_pending_per_member: Annotated[StrictInt, Field(ge=1, le=100)] | None = None
    images_need_approval: Annotated[bool, Field(strict=True)] | None = None
    assumption: CountPolicyEdit | None = None
    criterion: CountPolicyEdit | None = None
    conclusion: SharePolicyEdit | None = None


Options = Annotated[list[Content], Field(min_length=1, max_length=20)]
Contents = Annotated[list[Content], Field(max_length=10)]


class NewEvent(Body):
    model_config = example(
        {
            "subject": "Where do we eat?",
            "options": ["In", "Out"],
            "criteria": ["Price"],
            "capacity": 20,
        }
    )

    subject: Subject
    options: Annotated[list[Content], Field(min_length=1, max_length=5)]
    assumptions: Contents = []
    criteria: Contents = []
    capacity: Capacity = 100
    description: Description = ""
    entrance_code: Code | None = None
    password: EventPassword | None = None
    policies: PoliciesEdit = PoliciesEdit()


class EventEdit(Body):
    """Any part of an event. `password: null` takes the password away; lists replace."""

    model_config = example({"capacity": 30, "policies": {"criterion": {"min_votes": 5}}})

    subject: Subject | None = None
    description: Description | None = None
    options: Options | None = None
    assumptions: Contents | None = None
    criteria: Contents | None = None
    capacity: Capacity | None = None
    entrance_code: Code | None = None
    password: EventPassword | None = None
    policies: PoliciesEdit | None = None


class StatusEdit(Body):
    model_config = example({"status": "IN_PROGRESS"})

    status: EventStatus


class Entry(Body):
    model_config = example({"entrance_code": "ASSENT"})

    entrance_code: Code
    password: EventPassword | None = None
    observe: Annotated[bool, Field(strict=True)] = False


class CodeQuestion(Body):
    model_config = example({"entrance_code": "ASSENT"})

    entrance_code: Code


class RoleEdit(Body):
    model_config = example({"role": "OBSERVER"})

    role: Role


class Transfer(Body):
    model_config = example({"user_id": ID})

    user_id: UUID


class Bulk(Body):
    """Which requests to decide; all that wait where absent."""

    model_config = example({"membership_ids": [ID]})

    membership_ids: Annotated[list[UUID], Field(min_length=1, max_length=1_000)] | None = None


class NewProposal(Body):
    model_config = example(
        {"category": "CREATION", "content": "We are eight.", "reason": "I counted."}
    )

    category: Category
    target_id: UUID | None = None
    content: Content | None = None
    reason: Content | None = None


class NewConclusion(Body):
    model_config = example({"content": "The nearer place wins."})

    content: Content
    reason: Content | None = None


class Decision(Body):
    model_config = example({"status": "ACCEPTED", "reason": "Nobody objects."})

    status: ProposalStatus
    reason: Content | None = None


class VoteBody(Body):
    model_config = example({"choice": "AGREE"})

    choice: Choice = Choice.AGREE


class BallotBody(Body):
    model_config = example({"option_id": ID, "criterion_ids": [ID]})

    option_id: UUID
    criterion_ids: Annotated[list[UUID], Field(max_length=1_000)]


class NewComment(Body):
    model_config = example({"content": "Which of them is open on Mondays?"})

    content: CommentText
