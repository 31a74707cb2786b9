"""One event with every kind of person around it."""

import asyncio
from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

from PIL import Image

from tests.support.client import Api, Json, Person
from tests.support.rooms import MANUAL, Room, open_room
from tests.support.truth import Truth

KNOWN = (
    *("stranger", "pending", "rejected", "left", "banned"),
    *("observer", "member", "admin", "owner", "staff"),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """An event in progress: who is who, and the ids of what is in it, by the names of a path."""

    room: Room
    people: dict[str, Person]
    ids: dict[str, str]

    def fill(self, text: str) -> str:
        """Put ids and fresh words into a path or into a value of a body."""
        fresh = {"fresh": uuid4().hex[:12], "fresh_id": str(uuid4())}
        return text.format(**self.ids, **fresh) if "{" in text else text


async def sign_up_everybody(api: Api, truth: Truth) -> dict[str, Person]:
    """Make the accounts: who they are to an event is the event's business."""
    accounts = await asyncio.gather(*(api.sign_up(name) for name in KNOWN))
    people = dict(zip(KNOWN, accounts, strict=True))
    await open_room(people["stranger"], start=False)  # an admin, but of another event
    staff = people["staff"].id
    await truth.rows("UPDATE users SET is_staff = true WHERE id = %s RETURNING id", staff)
    return people


async def set_scene(accounts: dict[str, Person]) -> Scene:
    """Open an event and bring everybody into their place in it."""
    room = await open_room(accounts["owner"], start=False, policies=MANUAL)
    inside = ("observer", "member", "admin", "left", "banned")
    joined = await asyncio.gather(*(room.join(accounts[name]) for name in inside))
    ids = {name: str(membership["id"]) for name, membership in zip(inside, joined, strict=True)}
    guest, victim = await room.guests(2)
    await asyncio.gather(
        room.give_role(ids["observer"], "OBSERVER"),
        room.give_role(ids["admin"], "ADMIN"),
        room.manage(ids["banned"], "ban"),
        accounts["left"].ok("POST", f"{room.path}/leave"),
        room.owner.ok("PATCH", room.path, {"policies": {"membership_auto_approved": False}}),
    )
    for name in ("pending", "rejected"):
        ids[name] = str((await room.join(accounts[name]))["id"])
    await room.manage(ids["rejected"], "reject")
    await room.move("IN_PROGRESS")
    member = accounts["member"]
    comment = await member.ok("POST", f"{room.path}/comments", {"content": "Hello"})
    proposal = await room.propose(room.owner)
    await member.ok("POST", room.votes_on(proposal))
    ids |= await _write_brief(room, member)
    message, image = await send_image(room, member)
    ids |= {
        "event_id": room.id,
        "entrance_code": room.code,
        "criterion_id": room.criterion,
        "other_criterion": str(room.event["criteria"][1]["id"]),
        "option_id": str(room.event["options"][0]["id"]),
        "comment_id": str(comment["id"]),
        "conversation_id": room.id,
        "message_id": message,
        "attachment_id": image,
        "proposal_id": proposal,
        "collection": "assumption-proposals",
        "victim": str(victim.membership["id"]),
        "victim_user": victim.id,
    }
    nobody = Person(room.owner.api)
    return Scene(room, {**accounts, "guest": guest, "nobody": nobody}, ids)


async def _write_brief(room: Room, member: Person) -> dict[str, str]:
    """Write a block, one that its author still holds, and an image, and keep all that."""
    path, image_id = f"{room.path}/brief/blocks", await upload_image(room, member)
    image = {"kind": "image", "text": "A map", "attachment_id": image_id}
    texts = [{"kind": "text", "text": text} for text in ("Free", "Held", "Gone")]
    free, held, gone, shown = [await member.ok("POST", path, body) for body in [*texts, image]]
    await member.ok("DELETE", f"{path}/{gone['id']}?version=1")
    await member.ok("POST", f"{path}/{held['id']}/lock")
    kept = await member.ok("POST", f"{room.path}/brief/snapshots", {"name": "All of it"})
    return {
        "block_id": str(free["id"]),
        "locked_block_id": str(held["id"]),
        "removed_block_id": str(gone["id"]),
        "image_block_id": str(shown["id"]),
        "image_id": image_id,
        "snapshot_id": str(kept["id"]),
    }


async def upload_image(room: Room, who: Person) -> str:
    """Send up an image that no message carries yet; return its id."""
    out = BytesIO()
    Image.new("RGB", (320, 200), "#dfe7e2").save(out, "PNG")
    talk = f"/conversations/{room.id}"
    sent = await who.send("POST", f"{talk}/attachments?name=a.png", content=out.getvalue())
    assert sent.status_code == 201, sent.text
    return str(sent.json()["id"])


def many_strokes(count: int, points: int = 20) -> list[Json]:
    """Make strokes that no two drawings share."""
    line = [[n / points, (n * n % 97) / 97] for n in range(points)]
    shape = {"points": line, "colour": "#1a73e8", "width": 0.01}
    return [{"id": str(uuid4()), **shape} for _ in range(count)]


async def send_image(room: Room, who: Person) -> tuple[str, str]:
    """Say something with an image; return the ids of both."""
    talk, image = f"/conversations/{room.id}", await upload_image(room, who)
    message = str(uuid4())
    await who.ok("POST", f"{talk}/messages", {"id": message, "attachment_ids": [image]})
    return message, image
