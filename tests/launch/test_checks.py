from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.launch.checks import missing_redis, require_database, unwritable
from app.launch.errors import LaunchError


def with_password(url: str, password: str) -> str:
    parts = urlsplit(url)
    return parts._replace(
        netloc=f"{parts.username}:{password}@{parts.hostname}:{parts.port}"
    ).geturl()


def reason(url: str) -> str:
    with pytest.raises(LaunchError) as caught:
        require_database(url)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_name_of_the_dialect_is_understood(database_url: str) -> None:
    _, _, rest = database_url.partition("://")
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        require_database(f"{scheme}://{rest}")


def test_a_wrong_password_is_said_and_not_shown(database_url: str) -> None:
    said = reason(with_password(database_url, "mistaken"))
    assert "password authentication failed" in said
    assert "mistaken" not in said


def test_something_else_on_the_port_is_no_database(redis_url: str) -> None:
    assert "cannot be used" in reason(f"postgresql://a:b@127.0.0.1:{urlsplit(redis_url).port}/c")


@pytest.mark.parametrize("url", ["mysql://a/b", "sqlite:///file", "nonsense"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    assert reason(url).startswith("DATABASE_URL must name a PostgreSQL")


def test_an_address_that_cannot_be_read_is_not_repeated() -> None:
    assert "hidden" not in reason("postgresql://a:hidden word@host/c")


def test_a_missing_redis_is_only_a_warning(redis_url: str) -> None:
    assert missing_redis(redis_url) == ""
    cluster = redis_url.replace("redis://", "redis+cluster://").replace("@", "@127.0.0.1:1,")
    assert missing_redis(cluster) == ""
    assert "going on without it" in missing_redis("redis://:hidden@127.0.0.1:1/0")
    assert "hidden" not in missing_redis("redis://:hidden@127.0.0.1:1/0")


def test_a_folder_that_takes_nothing_is_only_a_warning(tmp_path: Path) -> None:
    assert unwritable(tmp_path / "not" / "made" / "yet") == ""
    (tmp_path / "file").touch()
    said = unwritable(tmp_path / "file" / "attachments")
    assert "going on without attachments" in said
    assert str(tmp_path / "file" / "attachments") in said
