"""Brings a database's schema up to date, one process at a time."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

import app
from app.config import with_scheme
from app.launch.errors import LaunchError

MIGRATIONS = Path(app.__file__).parents[1] / "migrations"
# Any number that nothing else in the database uses.
ADVISORY_LOCK = 4_155_533_454


def migrate(url: str) -> None:
    """Run what is missing of `migrations/`; whoever comes second waits and finds nothing to do.

    `env.py` finds an open connection in `config.attributes["connection"]`.
    """
    config = _configuration()
    engine = _engine(url)
    with (
        psycopg.connect(with_scheme(url, "postgresql"), autocommit=True) as guard,
        engine.connect() as connection,
    ):
        guard.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(url: str) -> bool:
    """Whether the database has every migration that we know."""
    known = ScriptDirectory.from_config(_configuration()).get_heads()
    with _engine(url).connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(known)


def _configuration() -> Config:
    if not MIGRATIONS.is_dir():
        raise LaunchError(f"There are no migrations at {MIGRATIONS}.")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _engine(url: str) -> Engine:
    return create_engine(with_scheme(url, "postgresql+psycopg"), poolclass=NullPool)
