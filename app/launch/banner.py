"""What the person at the keyboard sees: short lines while we work, then where to go."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from app.services.demo import DemoGuide


class Banner:
    """Progress on standard output, warnings on standard error."""

    def __init__(self) -> None:
        self._out = Console(highlight=False, soft_wrap=True)
        self._err = Console(highlight=False, soft_wrap=True, stderr=True)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Say what is done, and how long it took."""
        began = time.monotonic()
        yield
        self._out.print(f"  [green]ok[/] {escape(what)} ({time.monotonic() - began:.1f} s)")

    def say(self, line: str) -> None:
        self._out.print(escape(line))

    def warn(self, line: str) -> None:
        self._err.print(f"[yellow]{escape(line)}[/]")

    def fail(self, line: str) -> None:
        self._err.print(f"[red]{escape(line)}[/]")

    def open(self, address: str, data: Path | None, guide: DemoGuide | None) -> None:
        """Say where the room is, who can enter it, and how to end."""
        self._out.print("\n[bold]Assent is ready.[/]")
        self._row("Open", address)
        if guide:
            self._row("Entrance code", guide.entrance_code)
            for person in guide.people:
                self._row("Sign in", f"{person.email}  {person.password}  ({person.role})")
        if data:
            self._row("Data", str(data))
        self._out.print("  Ctrl-C stops everything.\n")

    def _row(self, name: str, value: str) -> None:
        self._out.print(f"  {name:<15}[bold]{escape(value)}[/]")
