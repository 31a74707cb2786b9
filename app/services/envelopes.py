"""A change as it leaves for a webhook: a CloudEvent, signed as Standard Webhooks has it."""

import hmac
from base64 import b64decode, b64encode
from datetime import datetime
from uuid import UUID

import orjson

from app.models.payloads import rfc3339
from app.utils.frames import LoggedChange


def envelope(source: str, event_id: UUID, epoch: UUID, change: LoggedChange) -> bytes:
    """Return a change as CloudEvents 1.0 JSON. `source` is the address of the house."""
    head = orjson.dumps(
        {
            "specversion": "1.0",
            "id": f"{epoch}.{change.seq}",
            "source": f"{source}/api/events/{event_id}",
            "type": f"assent.{change.type}",
            "subject": str(event_id),
            "time": rfc3339(change.at),
            "sequence": str(change.seq),
            "datacontenttype": "application/json",
        }
    )
    return head[:-1] + b',"data":' + change.encode() + b"}"


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers by which a receiver knows who sent a body, and when."""
    stamp = str(int(at.timestamp()))
    key = b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{stamp}.".encode() + body
    mark = b64encode(hmac.digest(key, signed, "sha256")).decode()
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "Webhook-Id": message_id,
        "Webhook-Timestamp": stamp,
        "Webhook-Signature": f"v1,{mark}",
    }
