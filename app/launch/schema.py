"""Brings a database's schema up to date, one process at a time."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
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
    if not MIGRATIONS.is_dir():
        raise LaunchError(f"There are no migrations at {MIGRATIONS}.")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine(with_scheme(url, "postgresql+psycopg"), poolclass=NullPool)
    with (
        psycopg.connect(with_scheme(url, "postgresql"), autocommit=True) as guard,
        engine.connect() as connection,
    ):
        guard.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
