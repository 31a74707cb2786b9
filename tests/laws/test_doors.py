"""Law 5: who may know what. The layers themselves are import-linter's."""

from collections.abc import Iterable

import pytest

from tests.laws.scanning import Module, modules

# What each foreign word stands for, and the only modules that may know it.
MAY_KNOW = {
    "redis": (
        *("app/utils/wires.py", "app/utils/shards.py", "app/utils/limits.py"),
        *("app/utils/leases.py", "app/utils/presence_store.py", "app/launch/"),
    ),
    "fastapi": ("app/routers/", "app/main.py"),
    "starlette": ("app/routers/", "app/main.py"),
    "sse_starlette": ("app/routers/",),
    "argon2": ("app/utils/security.py",),
    "aiosmtplib": ("app/utils/mail.py",),
    "limits": ("app/utils/limits.py",),
    "psycopg": ("app/launch/",),
    "alembic": ("app/launch/",),
    "obstore": ("app/utils/buckets.py",),
    "PIL": ("app/utils/redraw.py",),
}
# A router may know the database's errors, to render them, and nothing else of it.
ERRORS = "sqlalchemy.exc."


def strangers(word: str, allowed: tuple[str, ...], tree: Iterable[Module]) -> list[str]:
    """The modules that import a word and may not."""
    return [
        module.path
        for module in tree
        if not module.path.startswith(allowed)
        and any(f"{name}.".startswith(f"{word}.") for name in module.imports())
    ]


def sql(tree: Iterable[Module]) -> list[str]:
    """The modules that import SQLAlchemy beyond its errors, or send statements."""
    return [
        module.path
        for module in tree
        if any(n.startswith("sqlalchemy") and not n.startswith(ERRORS) for n in module.imports())
        or any(module.calls(name) for name in ("execute", "scalar", "scalars"))
    ]


def reads_environment(module: Module) -> bool:
    return "os.environ" in module.text or bool(module.calls("getenv"))


@pytest.mark.parametrize(("word", "allowed"), MAY_KNOW.items())
def test_a_word_is_known_where_it_belongs(word: str, allowed: tuple[str, ...]) -> None:
    assert strangers(word, allowed, modules("app")) == []
    assert strangers(word, (), modules("app")), "nobody uses this any more: take it off the list"


def test_routers_hold_no_sql() -> None:
    assert sql(modules("app/routers")) == []


def test_one_module_reads_the_environment() -> None:
    readers = {module.path for module in modules("app") if reads_environment(module)}
    assert "app/config.py" in readers
    assert {r for r in readers if not r.startswith("app/launch/")} == {"app/config.py"}


def test_the_scans_see_what_is_wrong() -> None:
    bad = Module("app/services/bad.py", "import os\nfrom redis import Redis\nos.environ['X']\n")
    worse = Module("app/routers/bad.py", "import sqlalchemy as sa\n")
    asking = Module("app/routers/asking.py", "async def f(s):\n    await s.execute('SELECT 1')\n")
    fine = Module("app/routers/fine.py", "from sqlalchemy.exc import DBAPIError\n")
    assert strangers("redis", MAY_KNOW["redis"], [bad]) == [bad.path]
    assert sql([worse, asking, fine]) == [worse.path, asking.path]
    assert reads_environment(bad)
    assert not reads_environment(fine)
