"""A real PostgreSQL and a real Valkey for every test run, and a database for each of its processes.

The controlling process starts one PostgreSQL, migrates a template in it and tells the others where
it is; each process copies the template and starts a Valkey of its own, as channels know no
namespaces. `TEST_DATABASE_URL` and `TEST_REDIS_URL` name servers to use instead;
`ASSENT_TEST_DURABLE=1` makes the embedded PostgreSQL write as it does in production.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql
from xdist.workermanage import WorkerController

from app.launch.postgres import Postgres
from app.launch.schema import MIGRATIONS, migrate
from app.launch.valkey import Valkey

TEMPLATE_URL = pytest.StashKey[str]()
POSTGRES = pytest.StashKey[Postgres]()
FOLDER = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    told = getattr(config, "workerinput", {}).get("template_url")
    if told:
        config.stash[TEMPLATE_URL] = told
    elif not config.option.collectonly:
        config.stash[TEMPLATE_URL] = _make_template(_server(config))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    node.workerinput["template_url"] = node.config.stash.get(TEMPLATE_URL, "")


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    if POSTGRES in config.stash:
        config.stash[POSTGRES].stop()
        config.stash[FOLDER].cleanup()
    elif TEMPLATE_URL in config.stash:
        _drop(config.stash[TEMPLATE_URL])


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database that only this process uses."""
    template = request.config.stash[TEMPLATE_URL]
    url = f"{template}_{os.getpid()}"
    _run(template, "CREATE DATABASE {} TEMPLATE {}", _name(url), _name(template))
    yield url
    _drop(url)


@pytest.fixture
def own_database_url(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database that only this test uses: no other server takes work out of it."""
    template = request.config.stash[TEMPLATE_URL]
    url = f"{database_url}_own"
    _run(template, "CREATE DATABASE {} TEMPLATE {}", _name(url), _name(template))
    yield url
    _drop(url)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Valkey or Redis that only this process uses, unless `TEST_REDIS_URL` names one."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    valkey = Valkey(tmp_path_factory.mktemp("valkey") / "log")
    valkey.start()
    yield valkey.url
    valkey.stop()


def _server(config: pytest.Config) -> str:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    config.stash[FOLDER] = tempfile.TemporaryDirectory(prefix="assent-tests-")
    folder = Path(config.stash[FOLDER].name)
    folder.chmod(0o755)  # closed folders have tests of their own
    durable = os.environ.get("ASSENT_TEST_DURABLE") == "1"
    config.stash[POSTGRES] = Postgres(folder / "postgres", durable=durable)
    config.stash[POSTGRES].start()
    return config.stash[POSTGRES].url()


def _make_template(server: str) -> str:
    url = urlsplit(server)._replace(path=f"/assent_test_{os.getpid()}").geturl()
    _run(server, "CREATE DATABASE {}", _name(url))
    if MIGRATIONS.is_dir():
        migrate(url)
    return url


def _drop(url: str) -> None:
    _run(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", _name(url))


def _run(server: str, statement: str, *names: str) -> None:
    address = urlsplit(server)._replace(path="/postgres").geturl()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")
