"""Every route, and who may use it."""

from dataclasses import dataclass
from typing import Any, Final

Body = dict[str, Any] | None

OUTSIDE: Final = ("stranger", "pending", "rejected", "left", "banned")
INSIDE: Final = ("observer", "guest", "member", "admin", "owner")
EVERYBODY: Final = ("nobody", *OUTSIDE, *INSIDE, "staff")

ANYBODY: Final = EVERYBODY
SIGNED_IN: Final = EVERYBODY[1:]
SEES: Final = (*INSIDE, "staff")
SPEAKS: Final = INSIDE
ENTERS: Final = ("stranger", "left", "staff")
VOTES: Final = ("guest", "member", "admin", "owner")
ADMINS: Final = ("admin", "owner", "staff")
OWNER: Final = ("owner", "staff")


@dataclass(frozen=True, slots=True)
class Row:
    """One route: the first of those who may use it gets `ok`, each after that gets `later`.

    A `silent` one writes nothing that the event's log tells.
    `{name}` in the path and the body stands for an id of the scene; `{fresh}` for a new word.
    """

    method: str
    path: str
    allowed: tuple[str, ...]
    ok: int = 200
    body: Body = None
    later: int | None = None
    given: tuple[tuple[str, str], ...] = ()
    # What it writes is no part of the event, and makes no change in its log.
    silent: bool = False
    query: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.filled}"

    @property
    def filled(self) -> str:
        """The path with its parameters replaced where the row says by what."""
        path = self.path
        for name, value in self.given:
            path = path.replace(f"{{{name}}}", value)
        return path + self.query

    @property
    def writes_in_event(self) -> bool:
        return self.method != "GET" and "{event_id}" in self.path and not self.silent


def _deed(deed: str, who: str) -> Row:
    path = f"{MEMBERSHIPS}/{{membership_id}}/{{deed}}"
    given = (("membership_id", f"{{{who}}}"), ("deed", deed))
    return Row("PATCH", path, ADMINS, later=409, given=given)


EVENT: Final = "/events/{event_id}"
MEMBERSHIPS: Final = f"{EVENT}/memberships"
CRITERION: Final = f"{EVENT}/criteria/{{criterion_id}}"
PROPOSALS: Final = f"{EVENT}/{{collection}}"
PROPOSAL: Final = f"{PROPOSALS}/{{proposal_id}}"
COMMENT: Final = f"{EVENT}/comments/{{comment_id}}"

BRIEF: Final = f"{EVENT}/brief"
BLOCK: Final = f"{BRIEF}/blocks/{{block_id}}"
LOCK: Final = f"{BLOCK}/lock"
SKETCH: Final = f"{EVENT}/sketches/{{image_id}}"
LOCKED: Final = (("block_id", "{locked_block_id}"),)
REMOVED: Final = (("block_id", "{removed_block_id}"),)
STROKE: Final = {"id": "{event_id}", "points": [[0.5, 0.5]], "colour": "#1a73e8", "width": 0.01}
TALK: Final = "/conversations/{conversation_id}"
MESSAGE: Final = f"{TALK}/messages/{{message_id}}"
FILE: Final = f"{TALK}/attachments/{{attachment_id}}"

NAME: Final = {"name": "New"}
SAID: Final = {"content": "Well said"}
ACCOUNT: Final = {"email": "{fresh}@example.org", "password": "correct horse"}
BALLOT: Final = {
    "option_id": "{option_id}",
    "criterion_ids": ["{criterion_id}", "{other_criterion}"],
}
SUBSCRIPTION: Final = {
    "endpoint": "https://a.example/",
    "keys": {"p256dh": "A" * 87, "auth": "A" * 22},
}
WEBHOOK: Final = f"{EVENT}/webhooks/{{webhook_id}}"
NO_WEBHOOK: Final = (("webhook_id", "{event_id}"),)
ANNOUNCEMENT: Final = "/announcements/{announcement_id}"
NO_ANNOUNCEMENT: Final = (("announcement_id", "{event_id}"),)
CRITERIA: Final = (("collection", "criteria-proposals"),)
CONCLUSIONS: Final = (("collection", "conclusion-proposals"),)

ROWS: Final = (
    Row("GET", "/healthz", ANYBODY),
    Row("GET", "/readyz", ANYBODY),
    Row("GET", "/metrics", ANYBODY),
    Row("POST", "/auth/signup", ANYBODY, 201, {**ACCOUNT, **NAME}),
    Row("POST", "/auth/login", ANYBODY, 200, {"email": "{email}", "password": "correct horse"}),
    Row("POST", "/auth/guest", ANYBODY, 201, {**NAME, "entrance_code": "{entrance_code}"}),
    Row("POST", "/auth/password-reset/request", ANYBODY, 202, {"email": "{email}"}),
    Row("POST", "/auth/password-reset/confirm", (), 422, {"token": "no", "password": "12345678"}),
    Row("POST", "/auth/logout", SIGNED_IN),
    Row("GET", "/auth/me", SIGNED_IN),
    Row("PATCH", "/auth/me", SIGNED_IN, 200, {"locale": "ko"}),
    Row("GET", "/auth/me/export", SIGNED_IN),
    Row("DELETE", "/auth/me", SIGNED_IN),
    Row("GET", "/auth/sessions", SIGNED_IN),
    Row("DELETE", "/auth/sessions/{session_id}", SIGNED_IN),
    Row("POST", "/auth/tokens", SIGNED_IN, 201, NAME),
    Row("POST", "/auth/claim", ("guest",), 200, ACCOUNT),
    Row("POST", "/events", SIGNED_IN, 201, {"subject": "Mine", "options": ["Yes"]}),
    Row("GET", "/events", SIGNED_IN),
    Row("POST", "/events/entry", ENTERS, 201, {"entrance_code": "{entrance_code}"}),
    Row("GET", "/events/entrance-code/generate", SIGNED_IN),
    Row("POST", "/events/entrance-code/check", ANYBODY, 200, {"entrance_code": "{entrance_code}"}),
    Row("GET", f"{EVENT}/overview", ANYBODY),
    Row("GET", EVENT, SEES),
    Row("PATCH", EVENT, ADMINS, 200, {"capacity": 150}),
    Row("DELETE", EVENT, OWNER, 200, later=404),
    Row("PATCH", f"{EVENT}/status", ADMINS, 200, {"status": "PAUSED"}, later=409),
    Row("GET", f"{EVENT}/stream", SEES),
    Row("GET", f"{EVENT}/changes", SEES),
    Row("GET", MEMBERSHIPS, SEES),
    Row("POST", f"{MEMBERSHIPS}/bulk-approve", ADMINS),
    Row("POST", f"{MEMBERSHIPS}/bulk-reject", ADMINS),
    Row(
        *("PATCH", f"{MEMBERSHIPS}/{{membership_id}}/role", ADMINS, 200, {"role": "OBSERVER"}),
        given=(("membership_id", "{victim}"),),
    ),
    _deed("approve", "pending"),
    _deed("reject", "pending"),
    _deed("reset", "rejected"),
    _deed("kick", "victim"),
    _deed("ban", "victim"),
    _deed("unban", "banned"),
    Row("POST", f"{EVENT}/leave", SPEAKS),
    Row(
        *("POST", f"{EVENT}/transfer-ownership", OWNER, 200, {"user_id": "{victim_user}"}),
        later=409,
    ),
    Row("GET", f"{EVENT}/votes/me", SEES, 404),
    Row("POST", f"{EVENT}/votes", VOTES, 201, BALLOT),
    Row("PUT", f"{EVENT}/votes", VOTES, 200, BALLOT),
    Row("GET", f"{EVENT}/votes/result", SEES, 409),
    Row("GET", f"{EVENT}/audit", ADMINS),
    Row("GET", f"{EVENT}/comments", SEES),
    Row("POST", f"{EVENT}/comments", SEES, 201, SAID),
    Row("GET", f"{CRITERION}/comments", SEES),
    Row("POST", f"{CRITERION}/comments", SEES, 201, SAID),
    Row("GET", f"{CRITERION}/comments/count", SEES),
    Row("PATCH", COMMENT, ("member",), 200, SAID),
    Row("DELETE", COMMENT, ("member", *ADMINS), 200, later=404),
    Row("GET", "/conversations", SIGNED_IN),
    Row("POST", "/conversations", SEES, 201, {"user_id": "{victim_user}"}),
    Row("GET", TALK, SEES),
    Row("GET", f"{TALK}/messages", SEES),
    Row("POST", f"{TALK}/messages", SEES, 201, {"id": "{fresh_id}", **SAID}),
    Row("PATCH", MESSAGE, ("member",), 200, SAID),
    Row("DELETE", MESSAGE, ("member", *ADMINS), 200, later=404),
    Row("GET", f"{MESSAGE}/readers", SEES),
    Row("PUT", f"{TALK}/read", SEES, 200, {"seq": 1}),
    Row("POST", f"{TALK}/typing", SEES, 204),
    Row("POST", f"{TALK}/attachments", SEES, 201, SAID, query="?name=notes.txt"),
    Row("GET", FILE, SEES),
    Row("GET", f"{FILE}/thumbnail", SEES),
    Row("PATCH", FILE, ADMINS, 409, {"status": "APPROVED"}),  # it is approved by itself
    Row("GET", PROPOSALS, SEES),
    Row("GET", PROPOSALS, SEES, given=CRITERIA),
    Row("GET", PROPOSALS, SEES, given=CONCLUSIONS),
    Row("POST", PROPOSALS, VOTES, 201, {"category": "CREATION", **SAID}),
    Row("POST", PROPOSALS, VOTES, 201, {"category": "CREATION", **SAID}, given=CRITERIA),
    Row("POST", f"{CRITERION}/conclusion-proposals", VOTES, 201, SAID),
    Row("GET", PROPOSAL, SEES),
    Row("DELETE", PROPOSAL, ADMINS, later=409),
    Row("PATCH", f"{PROPOSAL}/status", ADMINS, 200, {"status": "ACCEPTED"}, later=409),
    Row("POST", f"{PROPOSAL}/votes", ("guest", "admin", "owner"), 201),
    Row("PUT", f"{PROPOSAL}/votes", VOTES, 200, {"choice": "DISAGREE"}),
    Row("DELETE", f"{PROPOSAL}/votes", ("member",)),
    Row("GET", BRIEF, SEES),
    Row("POST", f"{BRIEF}/blocks", VOTES, 201, {"kind": "text", "text": "{fresh}"}),
    Row("PUT", BLOCK, VOTES, 200, {"text": "{fresh}", "version": 1}, later=409),
    Row("DELETE", BLOCK, VOTES, later=404, given=(("block_id", "{block_id}?version=1"),)),
    Row("PUT", f"{BLOCK}/position", VOTES, 200, {"after": "{image_block_id}", "version": 1}),
    Row("POST", f"{BLOCK}/restore", VOTES, 200, {"version": 2}, later=409, given=REMOVED),
    Row("GET", f"{BLOCK}/versions", SEES),
    Row("POST", f"{BLOCK}/proposal", VOTES, 201, {"kind": "assumption"}),
    Row("POST", LOCK, ("member",), 201, given=LOCKED, silent=True),
    Row("PUT", LOCK, ("member",), 200, {"token": 1}, given=LOCKED, silent=True),
    Row("DELETE", LOCK, ("member", *ADMINS), given=LOCKED, silent=True),
    Row("GET", f"{BRIEF}/snapshots", SEES),
    Row("POST", f"{BRIEF}/snapshots", VOTES, 201, NAME),
    Row("POST", f"{BRIEF}/snapshots/{{snapshot_id}}/restore", ADMINS),
    Row("GET", SKETCH, SEES),
    Row("DELETE", SKETCH, VOTES, silent=True),
    Row("DELETE", f"{SKETCH}/strokes", VOTES, query="?id={event_id}", silent=True),
    Row("POST", f"{SKETCH}/strokes", VOTES, 201, {"strokes": [STROKE]}, silent=True),
    Row("GET", "/me/stream", SIGNED_IN),
    Row("GET", "/me/push-key", SIGNED_IN, 409),
    Row("POST", "/me/push-subscriptions", SIGNED_IN, 409, SUBSCRIPTION),
    Row("DELETE", "/me/push-subscriptions", SIGNED_IN, 204, {"endpoint": "https://a.example/"}),
    Row("GET", "/unsubscribe", ANYBODY, 422),
    Row("POST", "/unsubscribe", ANYBODY, 422),
    Row("PUT", f"{EVENT}/presence", SEES, 204, {"status": "idle"}, silent=True),
    Row("GET", f"{EVENT}/notifications", SEES),
    Row("PUT", f"{EVENT}/notifications", SEES, 200, {"level": "all"}, silent=True),
    Row("GET", f"{EVENT}/webhooks", ADMINS),
    Row("POST", f"{EVENT}/webhooks", ADMINS, 201, {"url": "https://93.184.216.34/"}, silent=True),
    Row("PATCH", WEBHOOK, ADMINS, 404, {"status": "PAUSED"}, given=NO_WEBHOOK, silent=True),
    Row("DELETE", WEBHOOK, ADMINS, 404, given=NO_WEBHOOK, silent=True),
    Row("POST", f"{WEBHOOK}/replay", ADMINS, 404, {"after": 0}, given=NO_WEBHOOK, silent=True),
    Row("GET", "/announcements", SIGNED_IN),
    Row("POST", "/announcements", ("staff",), 201, {"title": "Soon", "text": "An upgrade."}),
    Row("PATCH", ANNOUNCEMENT, ("staff",), 404, {"title": "Later"}, given=NO_ANNOUNCEMENT),
    Row("DELETE", ANNOUNCEMENT, ("staff",), 404, given=NO_ANNOUNCEMENT),
    Row("PUT", f"{ANNOUNCEMENT}/seen", SIGNED_IN, 404, given=NO_ANNOUNCEMENT),
)

# Refusals that are not about who somebody is, on rows where `allowed` leaves them out.
OTHERWISE: Final = {
    ("POST /auth/claim", "*"): 409,  # no guests
    ("POST /auth/password-reset/confirm", "*"): 422,
    ("POST /events/entry", "pending"): 409,
    **{("POST /events/entry", name): 409 for name in INSIDE},
    **{("POST /conversations", name): 404 for name in OUTSIDE},  # they do not meet
    (f"POST {PROPOSAL}/votes", "member"): 409,  # voted before
    **{(f"POST {LOCK}", name): 423 for name in ("guest", "admin", "owner")},
    **{(f"PUT {LOCK}", name): 409 for name in ("guest", "admin", "owner")},
    **{(f"DELETE {LOCK}", name): 423 for name in ("observer", "guest")},
    **{(f"DELETE {PROPOSAL}/votes", name): 404 for name in ("guest", "admin", "owner")},
}
