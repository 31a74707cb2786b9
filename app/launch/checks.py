"""Whether what the environment names is there, before anything depends on it."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from app.config import with_scheme
from app.launch.errors import LaunchError
from app.utils.shards import nodes

PATIENCE = 5


def require_database(url: str) -> None:
    """Refuse a database that cannot be used: the reason in one line, and no password in it."""
    address = with_scheme(url, "postgresql")
    if not address.startswith("postgresql://"):
        raise LaunchError(
            "DATABASE_URL must name a PostgreSQL: postgresql://user:password@host/name."
        )
    try:
        psycopg.connect(address, connect_timeout=PATIENCE).close()
    except psycopg.ProgrammingError as error:  # its words repeat the address, password and all
        raise LaunchError(
            "DATABASE_URL cannot be read: special characters need %-codes."
        ) from error
    except psycopg.Error as error:
        raise LaunchError(
            f"The database at {_place(url)} cannot be used: {_reason(error)}."
            " Check DATABASE_URL and that PostgreSQL runs."
        ) from error


def missing_redis(url: str) -> str:
    """Why Redis cannot be reached; empty when it can."""
    trouble = ""
    for node in nodes(url):
        try:
            with redis.Redis.from_url(node, socket_connect_timeout=PATIENCE) as client:
                client.ping()
        except (redis.RedisError, ValueError) as error:
            trouble = trouble or _reason(error)
        else:
            return ""
    return f"Redis at {_place(url)} cannot be reached ({trouble}); going on without it."


def unwritable(folder: Path) -> str:
    """Why attachments cannot be kept in a folder; empty when they can, now or once it is made."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    if os.access(place, os.W_OK | os.X_OK):
        return ""
    return (
        f"Nothing can be written to {folder}; going on without attachments."
        " ASSENT_ATTACHMENTS_DIR names another folder, ASSENT_S3_BUCKET a bucket."
    )


def _place(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2] or "an unknown address"


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    first = lines[0] if lines else type(error).__name__
    return first.rpartition(" failed: ")[2].rstrip(".")
