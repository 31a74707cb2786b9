"""What a part found: one table for the terminal, for the page, and for the file that is kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from rich.table import Table

Value = str | float | int


@dataclass
class Finding:
    """One table of figures. `note` says what a reader must know to read it rightly."""

    title: str
    columns: Sequence[str]
    rows: list[list[Value]] = field(default_factory=list)
    note: str = ""

    def add(self, *values: Value) -> None:
        self.rows.append(list(values))

    def as_table(self) -> Table:
        table = Table(title=self.title, caption=self.note or None)
        for place, name in enumerate(self.columns):
            table.add_column(name, justify="right" if place else "left")
        for row in self.rows:
            table.add_row(*map(shown, row))
        return table

    def as_markdown(self) -> str:
        lines = [f"### {self.title}", "", _line(self.columns)]
        lines.append("|---" + "|--:" * (len(self.columns) - 1) + "|")
        lines += [_line([shown(value) for value in row]) for row in self.rows]
        return "\n".join([*lines, "", *([self.note, ""] if self.note else [])])

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def shown(value: Value) -> str:
    """Three figures are all that a noisy machine gives."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def middle(values: Sequence[float], part: float = 0.5) -> float:
    """Return the value below which that part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
