"""The reducer of docs/wire.md in Python: what an event looks like after a change. Pure."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

Json = dict[str, Any]

LISTS = {"option": "options", "assumption": "assumptions", "criterion": "criteria"}


def fold(event: Json, change: Json) -> Json:
    if change["seq"] <= event["seq"]:
        return event
    step = STEPS.get(change["type"], _nothing)
    return {**step(event, change["data"]), "seq": change["seq"]}


def fold_all(event: Json, changes: Iterable[Json]) -> Json:
    return reduce(fold, changes, event)


def fold_brief(brief: Json, change: Json) -> Json:
    """What the shared brief looks like after a change of its event."""
    if change["seq"] <= brief["version"]:
        return brief
    blocks = brief["blocks"]
    if change["type"] == "block.changed":
        blocks = _with_block(blocks, change["data"])
    elif change["type"] == "person.changed" and change["data"] is not None:
        blocks = [{**one, "author": _named(change["data"], one["author"])} for one in blocks]
    return {**brief, "blocks": blocks, "version": change["seq"]}


def _with_block(blocks: list[Json], block: Json) -> list[Json]:
    others = [other for other in blocks if other["id"] != block["id"]]
    if block["removed"]:
        return others
    return sorted([*others, block], key=lambda one: (one["position"], one["id"]))


def take_vote(event: Json, vote: Json) -> Json:
    """Take in the answer to one's own vote; no change tells it."""
    votes = {**event["me"]["votes"], vote["proposal_id"]: vote["choice"]}
    kept = {proposal: choice for proposal, choice in votes.items() if choice is not None}
    return {**event, "me": {**event["me"], "votes": kept}}


def take_ballot(event: Json) -> Json:
    """Take in the answer to one's own ballot."""
    return {**event, "me": {**event["me"], "has_ballot": True}}


def take_read(event: Json, seq: int) -> Json:
    """Take in that one has read so far: it is told to oneself only, and not by the log."""
    return {**event, "me": {**event["me"], "read_seq": max(event["me"]["read_seq"], seq)}}


def is_voter(membership: Json) -> bool:
    return membership["status"] == "ACCEPTED" and membership["role"] != "OBSERVER"


def _nothing(event: Json, _data: Json | None) -> Json:
    return event


def _event_or_turnout(event: Json, data: Json) -> Json:
    proposals = [
        {**proposal, "needed": data["needed"][proposal["kind"]]}
        if proposal["status"] == "PENDING"
        else proposal
        for proposal in event["proposals"]
    ]
    return {**event, **data, "proposals": proposals}


def _membership(event: Json, membership: Json) -> Json:
    own = event["me"]["membership"]
    if own is None or own["user"]["id"] != membership["user"]["id"]:
        return event
    me = {**event["me"], "membership": membership}
    if not is_voter(membership) and event["status"] != "FINISHED":
        pending = {p["id"] for p in event["proposals"] if p["status"] == "PENDING"}
        votes = {id_: choice for id_, choice in me["votes"].items() if id_ not in pending}
        me = {**me, "votes": votes, "has_ballot": False}
    return {**event, "me": me}


def _item(event: Json, item: Json) -> Json:
    name = LISTS[item["kind"]]
    items = [other for other in event[name] if other["id"] != item["id"]]
    if not item["deleted"]:
        items = sorted([*items, item], key=lambda one: (one["position"], one["id"]))
    return {**event, name: items}


def _proposal(event: Json, proposal: Json) -> Json:
    proposals = [other for other in event["proposals"] if other["id"] != proposal["id"]]
    if proposal["status"] != "DELETED":
        proposals = sorted([*proposals, proposal], key=lambda one: one["id"])
    return {**event, "proposals": proposals}


def _tally(event: Json, data: Json) -> Json:
    news = {"tally": data["tally"], "needed": data["needed"]}
    return _with(event, "proposals", data["proposal_id"], news)


def _comment(event: Json, comment: Json) -> Json:
    kind, id_ = comment["subject"]["type"], comment["subject"]["id"]
    count = {"comment_count": comment["comment_count"]}
    if kind == "event":
        return {**event, **count}
    return _with(event, "criteria" if kind == "criterion" else "proposals", id_, count)


def _named(person: Json, who: Any) -> Any:
    return person if isinstance(who, dict) and who["id"] == person["id"] else who


def _message(event: Json, message: Json) -> Json:
    news = {**event, "message_seq": max(event["message_seq"], message["seq"])}
    own, author = event["me"]["membership"], message["author"]
    # Whoever says something has read what came before it.
    if own and author and author["id"] == own["user"]["id"]:
        return take_read(news, message["seq"])
    return news


def _person(event: Json, person: Json) -> Json:
    def named(who: Any) -> Any:
        return _named(person, who)

    own = event["me"]["membership"]
    me = own and {**event["me"], "membership": {**own, "user": named(own["user"])}}
    proposals = [
        {**p, "author": named(p["author"]), "decided_by": named(p["decided_by"])}
        for p in event["proposals"]
    ]
    owner = named(event["owner"])
    return {**event, "owner": owner, "proposals": proposals, "me": me or event["me"]}


def _with(event: Json, name: str, id_: str, news: Json) -> Json:
    return {**event, name: [{**one, **news} if one["id"] == id_ else one for one in event[name]]}


STEPS: dict[str, Callable[[Json, Any], Json]] = {
    "event.changed": _event_or_turnout,
    "turnout.changed": _event_or_turnout,
    "membership.changed": _membership,
    "item.changed": _item,
    "proposal.changed": _proposal,
    "tally.changed": _tally,
    "comment.changed": _comment,
    "person.changed": _person,
    "message.changed": _message,
}
