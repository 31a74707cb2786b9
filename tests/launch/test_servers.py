from collections.abc import Iterator

import psycopg
import pytest
import redis


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url) as opened:
        yield opened


def test_the_database_is_a_current_postgresql(connection: psycopg.Connection) -> None:
    assert connection.info.server_version >= 170_000


def test_text_is_compared_alike_on_every_machine(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT lower('ÄÖ') = 'äö'").fetchone()
    assert row == (True,)


def test_valkey_answers_those_who_know_the_password(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()
