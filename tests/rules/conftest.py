from collections.abc import Iterator

import pytest

from tests.rules.playing import Line
from tests.support.server import Server


@pytest.fixture(scope="module")
def line(servers: tuple[Server, Server]) -> Iterator[Line]:
    players = Line(servers)
    yield players
    players.close()
