"""Laws 1, 2 and 4: one transaction, the event's lock first, nothing in silence."""

import ast
from collections.abc import Iterable

import pytest

from tests.laws.scanning import Function, Module, annotations, called, in_order, modules

# They work in a unit of work whose caller has looked for the key's answer already.
HELPERS = {"append", "create_guest", "issue", "end_sessions", "note_seen", "take_name"}
# People, their sessions and announcements belong to no event: no log to announce them in.
# So do the conversation of a pair, and how far somebody has read: the two are told by notices.
OUTSIDE_EVENTS = {
    *("accounts", "announcements", "sessions", "housekeeping", "retention"),
    *("conversations", "reading", "receipts", "uploads"),
    # Who else is told of an event is nothing that happens in it.
    *("webhooks", "leases", "notifications", "pushes", "digests"),
    # Who writes where, and what is drawn, are signals: they must wait for no vote, nor votes for
    # them, and their own rows and numbers keep them in order.
    *("grants", "sketches"),
}
OPENERS = {
    *("lock_event", "lock_event_for_entry", "lock_event_row", "claim"),
    *("lock_conversation", "lock_talk"),
}
# Not a change of an event's state: what they lead to is announced by those who call them.
BESIDE = {
    "lock_conversation",
    "lock_talk",
    "lock_event",
    "lock_event_for_entry",
    "lock_event_row",
    "lock_name",
    "lock_membership",
    "lock_memberships",
    "lock_proposal",
    "lock_pending_proposals",
    "lock_block",
    "lock_blocks",
    "write_version",
    "require_right_to_write",
}
LOCKING = ("app/services/access.py", "app/services/block_access.py")


def only_in(homes: Iterable[str], name: str, tree: Iterable[Module]) -> list[str]:
    """Where a name is called outside the modules that may."""
    return [place for module in tree if module.path not in homes for place in module.calls(name)]


def use_cases(module: Module) -> dict[str, Function]:
    """The public functions that begin a write: they get a unit of work and no locked event."""
    return {
        name: function
        for name, function in module.functions().items()
        if not name.startswith("_")
        and isinstance(function, ast.AsyncFunctionDef)
        and annotations(function)[:1] == ["UnitOfWork"]
        and "Event" not in annotations(function)
        and name not in HELPERS | BESIDE
    }


def begins_with_lock(module: Module, function: Function) -> bool:
    """Whether the first thing waited for is the lock or the key, also through a private step."""
    waits = (node.value for node in in_order(function) if isinstance(node, ast.Await))
    first = next(waits, None)
    if not isinstance(first, ast.Call):
        return False
    step = module.functions().get(called(first))
    return called(first) in OPENERS or (step is not None and begins_with_lock(module, step))


def words(node: ast.AST) -> set[str]:
    """The names that a definition speaks of: a table of functions speaks of what it holds."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return names | {called(part) for part in ast.walk(node) if isinstance(part, ast.Call)}


def silent(tree: Iterable[Module]) -> list[str]:
    """The use cases of events from which no way leads to `announce`."""
    tree = list(tree)
    calls = {name: words(node) for module in tree for name, node in module.definitions().items()}
    loud = {"announce"}
    while grown := {name for name, others in calls.items() if others & loud} - loud:
        loud |= grown
    return [
        f"{module.path}: {name}"
        for module in tree
        if module.name not in OUTSIDE_EVENTS
        for name in use_cases(module)
        if name not in loud
    ]


SERVICES = modules("app/services")
WRITES = [(m, name, f) for m in SERVICES for name, f in use_cases(m).items()]


def test_there_is_one_commit_in_the_tree() -> None:
    assert only_in(["app/utils/transaction.py"], "commit", modules("app")) == []


def test_only_access_takes_row_locks() -> None:
    assert only_in(LOCKING, "with_for_update", modules("app")) == []


def test_the_writes_are_found() -> None:
    assert len(WRITES) > 25
    known = {name for module in SERVICES for name in module.functions()}
    assert known >= HELPERS | BESIDE


@pytest.mark.parametrize(
    ("module", "name", "function"), WRITES, ids=[f"{m.name}.{name}" for m, name, _ in WRITES]
)
def test_a_write_locks_or_claims_first(module: Module, name: str, function: Function) -> None:
    assert begins_with_lock(module, function), f"{module.path}: {name}"


def test_no_write_is_silent() -> None:
    assert silent(SERVICES) == []


BAD = Module(
    "app/services/bad.py",
    """
async def rename(uow: UnitOfWork, caller, event_id):
    event = await uow.session.get(Event, event_id)
    await access.lock_event(uow, event_id)
    event.query.with_for_update()
    await uow.session.commit()

async def paint(uow: UnitOfWork, caller, event_id):
    await _open(uow)

async def _open(uow):
    await uow.claim()
    announce(uow)
""",
)


def test_the_scans_see_what_is_wrong() -> None:
    assert only_in(["app/utils/transaction.py"], "commit", [BAD]) == ["app/services/bad.py:6"]
    assert only_in(LOCKING, "with_for_update", [BAD]) == ["app/services/bad.py:5"]
    found = {name: begins_with_lock(BAD, f) for name, f in use_cases(BAD).items()}
    assert found == {"rename": False, "paint": True}
    assert silent([BAD]) == ["app/services/bad.py: rename"]
