"""The nemesis: breaks one part of the world after another, in an order that its seed decides."""

import asyncio
from dataclasses import dataclass
from random import Random

from tests.faults import of_databases, of_doorbells, of_lines, of_neighbours, of_servers
from tests.faults.people import Storm
from tests.faults.world import Fault, World


@dataclass
class Nemesis:
    """Every kind of fault once a round; each is mended before the storm is judged."""

    world: World
    storm: Storm
    chance: Random

    def __post_init__(self) -> None:
        self._lines = of_lines.Lines(self.world, self.storm, self.chance)
        self._parts = (
            of_servers.Servers(self.world, self.storm.history, self.chance),
            of_databases.Databases(self.world, self.chance),
            of_neighbours.Neighbours(self.world, self.chance),
            of_doorbells.Doorbells(self.world),
            self._lines,
        )

    async def rage(self, seconds: float) -> None:
        """Break things for so long, and through at least one round."""
        clock = asyncio.get_running_loop().time
        # Of its own: what else is drawn depends on how many are there, and so on the moment.
        order = Random(self.chance.getrandbits(64))
        end, first = clock() + seconds, True
        while first or clock() < end:
            faults = self.faults()
            order.shuffle(faults)
            for fault in faults:
                if not first and clock() >= end:
                    return
                await self._inflict(fault)
            first = False

    def faults(self) -> list[Fault]:
        """Return every kind of fault that this machine can suffer."""
        return [fault for part in self._parts for fault in part.faults()]

    async def _inflict(self, fault: Fault) -> None:
        async with fault() as what:
            self.storm.history.fault(what)
            await asyncio.sleep(self.chance.uniform(0.2, 0.9))
            if self.chance.random() < 0.3:
                async with self._lines.cut_clients() as more:
                    self.storm.history.fault(more)
        self.storm.history.fault(f"mended: {what}")
        await asyncio.sleep(self.chance.uniform(0.1, 0.5))
