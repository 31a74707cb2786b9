"""Request bodies of what reaches people: presence, webhooks, push, and how much of it they want."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from app.models.bodies import Body, example
from app.models.statuses import Activity, ChangeType, Wanted, WebhookStatus
from app.models.text import Line

Url = Annotated[Line, Field(max_length=2_000)]
Types = Annotated[list[ChangeType], Field(min_length=1, max_length=len(ChangeType))]


class PresenceBody(Body):
    model_config = example({"status": "idle"})

    status: Activity


class NewWebhook(Body):
    """`types` chooses among the types of changes; all where it is absent."""

    model_config = example({"url": "https://example.org/assent", "types": ["proposal.changed"]})

    url: Url
    types: Types | None = None


class WebhookEdit(Body):
    """Any part of a webhook. `ACTIVE` revives a dead one; `types: null` asks for all."""

    model_config = example({"status": "PAUSED"})

    url: Url | None = None
    types: Types | None = None
    status: Literal[WebhookStatus.ACTIVE, WebhookStatus.PAUSED] | None = None


class Replay(Body):
    """Deliver again all that came after this number."""

    model_config = example({"after": 0})

    after: Annotated[StrictInt, Field(ge=0, le=2**62)]


class NotificationBody(Body):
    model_config = example({"level": "decisions"})

    level: Wanted


class PushKeys(Body):
    p256dh: Annotated[str, Field(strict=True, min_length=80, max_length=100)]
    auth: Annotated[str, Field(strict=True, min_length=20, max_length=40)]


class PushBody(Body):
    """What `PushSubscription.toJSON()` gives in a browser."""

    model_config = example(
        {
            "endpoint": "https://push.example.org/abc",
            "keys": {"p256dh": "B" + "A" * 86, "auth": "A" * 22},
        }
    )

    endpoint: Url
    keys: PushKeys
    expirationTime: StrictInt | None = None  # noqa: N815 - the browser's name for it


class Endpoint(Body):
    model_config = example({"endpoint": "https://push.example.org/abc"})

    endpoint: Url
