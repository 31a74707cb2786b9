"""Curves as an SVG picture: small enough to be read, and nothing to install for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, GAP = 250, 180, 50, 50, 70
COLOURS = ("#0b6650", "#8b2453", "#b26a00")


@dataclass(frozen=True)
class Curve:
    """How long an act took, in milliseconds, at each size of what grew."""

    axis: str
    act: str
    sizes: Sequence[int]
    costs: Sequence[float]


def draw(file: Path, curves: Sequence[Curve]) -> None:
    """Draw a panel for each thing that grows, sizes on a logarithmic scale."""
    axes = list(dict.fromkeys(curve.axis for curve in curves))
    acts = list(dict.fromkeys(curve.act for curve in curves))
    most = _round_up(max(cost for curve in curves for cost in curve.costs))
    width = LEFT + len(axes) * (WIDTH + GAP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT + 2 * TOP}"',
        'font-family="sans-serif" font-size="11" fill="#222">',
        f'<rect width="{width}" height="{HEIGHT + 2 * TOP}" fill="#fff"/>',
    ]
    for place, act in enumerate(acts):
        x = LEFT + place * 190
        lines.append(f'<rect x="{x}" y="14" width="14" height="4" fill="{COLOURS[place]}"/>')
        lines.append(f'<text x="{x + 20}" y="20">{act}, ms</text>')
    for place, axis in enumerate(axes):
        left = LEFT + place * (WIDTH + GAP)
        panel = [curve for curve in curves if curve.axis == axis]
        lines += [*_frame(left, panel[0], most), *_lines(left, panel, acts, most)]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*lines, "</svg>\n"]), "utf-8")


def _frame(left: int, curve: Curve, most: float) -> list[str]:
    """Draw the grid with its numbers and the name of what grows."""
    drawn = []
    for step in range(5):
        y = TOP + HEIGHT * (1 - step / 4)
        drawn.append(f'<path d="M{left} {y:.0f}h{WIDTH}" stroke="#ddd"/>')
        drawn.append(
            f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{most * step / 4:g}</text>'
        )
    for size in curve.sizes:
        x = left + _along(curve.sizes, size)
        drawn.append(
            f'<text x="{x:.0f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{size:,}</text>'
        )
    middle = left + WIDTH / 2
    drawn.append(
        f'<text x="{middle:.0f}" y="{TOP + HEIGHT + 34}" text-anchor="middle">{curve.axis}</text>'
    )
    return drawn


def _lines(left: int, panel: Sequence[Curve], acts: Sequence[str], most: float) -> list[str]:
    drawn = []
    for curve in panel:
        colour = COLOURS[acts.index(curve.act)]
        points = [
            (left + _along(curve.sizes, size), TOP + HEIGHT * (1 - cost / most))
            for size, cost in zip(curve.sizes, curve.costs, strict=True)
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    return drawn


def _along(sizes: Sequence[int], size: int) -> float:
    first, last = math.log(sizes[0]), math.log(sizes[-1])
    return WIDTH * (math.log(size) - first) / (last - first)


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 4 or 8 times a power of ten."""
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 8, 10) if step * power >= value)
