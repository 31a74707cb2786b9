"""A real Redis Cluster on loopback, whose nodes a test may kill, and whose slots it may move."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from redis.crc import key_slot
from typing_extensions import override

from app.launch.ports import LOOPBACK, free_port
from app.launch.valkey import Valkey

SLOTS = 16_384
PASSWORD = "one-for-all"
PATIENCE = 30.0


class Node(Valkey):
    """One node of a cluster. Its list of nodes outlives it, so that it finds its place again."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "log")
        self._folder = folder
        self._password = PASSWORD
        self.bus_port = free_port()

    @property
    def address(self) -> str:
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @override
    def _configuration(self) -> str:
        return super()._configuration() + "\n".join(
            (
                f"dir {self._folder}",
                f"masterauth {self._password}",
                "cluster-enabled yes",
                f"cluster-port {self.bus_port}",
                "cluster-node-timeout 2000",
                "cluster-require-full-coverage no",
                "repl-diskless-sync-delay 0",
                "",
            )
        )

    def ask(self, command: str, *words: Any) -> Any:
        with redis.Redis.from_url(self.url) as client:
            return client.execute_command(command, *words)

    def state(self) -> tuple[str, str]:
        """Return how the node finds the cluster, and how many nodes it knows."""
        info = self.ask("CLUSTER INFO")
        return info["cluster_state"], info["cluster_known_nodes"]

    def hears(self, channel: str) -> bool:
        """Tell whether somebody listens to a channel here."""
        ((_, count),) = self.ask("PUBSUB SHARDNUMSUB", channel)
        return bool(count)

    def kill(self) -> None:
        assert self.child is not None
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.wait(PATIENCE)


class ValkeyCluster:
    """Nodes that own a third of the slots each, and replicas that own none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.nodes: list[Node] = []

    @property
    def url(self) -> str:
        who = urlsplit(self.nodes[0].url).netloc.rpartition("@")[0]
        return f"redis+cluster://{who}@{','.join(node.address for node in self.nodes[:2])}"

    def start(self, count: int = 3) -> None:
        owners = [self._add() for _ in range(count)]
        bounds = [SLOTS * n // count for n in range(count + 1)]
        for node, first, end in zip(owners, bounds, bounds[1:], strict=False):
            node.ask("CLUSTER ADDSLOTSRANGE", first, end - 1)
        self.settle()

    def add_replica(self, of: Node) -> Node:
        replica = self._add()
        self.settle()
        replica.ask("CLUSTER REPLICATE", of.ask("CLUSTER MYID"))
        _until(lambda: replica.ask("INFO", "replication").get("master_link_status") == "up")
        return replica

    def owner(self, channel: str) -> Node:
        """Return the node that owns a channel, as the nodes that answer see it."""
        slot = key_slot(channel.encode())
        for asked in filter(Node.running, self.nodes):
            for first, last, (_, port, *_more), *_replicas in asked.ask("CLUSTER SLOTS"):
                if first <= slot <= last:
                    return next(node for node in self.nodes if node.port == port)
        raise AssertionError(f"nobody owns {channel}")

    def move(self, channel: str, to: Node) -> None:
        """Give the slot of a channel to another node."""
        others = [node for node in self.nodes if node is not to and node.running()]
        for node in (to, *others):
            node.ask("CLUSTER SETSLOT", key_slot(channel.encode()), "NODE", to.ask("CLUSTER MYID"))

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()

    def _add(self) -> Node:
        folder = self._folder / str(len(self.nodes))
        folder.mkdir()
        node = Node(folder)
        node.start()
        if self.nodes:
            first = self.nodes[0]
            node.ask("CLUSTER MEET", LOOPBACK, first.port, first.bus_port)
        self.nodes.append(node)
        return node

    def settle(self) -> None:
        """Wait until every node knows every other one and calls the cluster well."""
        well = ("ok", str(len(self.nodes)))
        _until(lambda: all(node.state() == well for node in self.nodes))


def _until(wanted: Callable[[], bool]) -> None:
    """Wait for what the nodes tell each other: nothing tells us."""
    deadline = time.monotonic() + PATIENCE
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def valkeys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyCluster]:
    """A cluster of three that a test may break, and mends again."""
    cluster = ValkeyCluster(tmp_path_factory.mktemp("valkeys"))
    cluster.start()
    yield cluster
    cluster.stop()
