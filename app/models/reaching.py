"""Request bodies of what reaches people: presence, webhooks, push, and how much of it they want."""

from app.models.bodies import Body, example
from app.models.statuses import Activity


class PresenceBody(Body):
    model_config = example({"status": "idle"})

    status: Activity
