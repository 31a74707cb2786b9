"""The parts of a storm's world that can break, and what this machine cannot break."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from app.launch.postgres import Postgres
from app.launch.valkey import Valkey
from tests.faults.phones import Phones
from tests.support.clocks import Clock
from tests.support.disks import Disk
from tests.support.server import Server

Fault = Callable[[], contextlib.AbstractAsyncContextManager[str]]


@dataclass
class World:
    """Two servers on one database and one Valkey.

    The database's disk, the servers' clocks and phones are None where they cannot be had, and
    `missing` says why.
    """

    servers: tuple[Server, ...]
    postgres: Postgres
    valkey: Valkey
    disk: Disk | None = None
    clocks: tuple[Clock, ...] = ()
    phones: Phones | None = None
    missing: list[str] = field(default_factory=list)
