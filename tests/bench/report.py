"""What a run leaves behind: `bench.json` for programs, a table for people, details for whoever asks why."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.figure import Definition, Measured

_HEADS = ("name", "value", "unit", "spread", "limit", "ratio", "floor", "goal", "met?")


def figures(measured: Sequence[Measured]) -> dict[str, dict[str, Any]]:
    """The shape of `bench.json`: `{name: {value, unit, limit, ratio, floor, goal}}`."""
    return {
        one.definition.name: {
            "value": _short(one.value),
            "unit": one.definition.unit,
            "limit": _short(one.limit),
            "ratio": _short(one.ratio),
            "floor": one.definition.floor,
            "goal": one.definition.goal,
        }
        for one in measured
    }


def details(measured: Sequence[Measured], machine: dict[str, Any]) -> dict[str, Any]:
    """Every round of every figure, and the machine it ran on."""
    rounds = {
        one.definition.name: {
            "rounds": [_short(value) for value in one.values],
            "limits": [_short(value) for value in one.limits],
            "cpu_percent": [usage.percent for usage in one.usages],
            **one.details,
        }
        for one in measured
    }
    return {"machine": machine, "figures": rounds}


def write(path: Path, content: dict[str, Any]) -> None:
    """Write JSON so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    draft.replace(path)


def table(measured: Sequence[Measured]) -> str:
    """The figures of a run, aligned."""
    lines = [_HEADS, *(_line(one) for one in measured)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def definitions(known: Sequence[Definition]) -> str:
    """The table of definitions, in Markdown, as docs/benchmarks.md has it."""
    heads = ["| name | unit | what | limit in the same run | floor | goal |", "|---|---|---|---|---|---|"]
    return "\n".join(
        heads
        + [
            f"| `{one.name}` | {one.unit} | {one.what} | {one.limit or ''} "
            f"| {_mark(one, one.floor)} | {_mark(one, one.goal)} |"
            for one in known
        ]
    )


def _line(one: Measured) -> tuple[str, ...]:
    definition = one.definition
    return (
        definition.name,
        _readable(one.value),
        definition.unit,
        f"±{one.spread / 2:.0%}" if len(one.values) > 1 else "",
        "" if one.limit is None else _readable(one.limit),
        "" if one.ratio is None else f"{one.ratio:.3f}",
        _mark(definition, definition.floor),
        _mark(definition, definition.goal),
        one.met,
    )


def _mark(definition: Definition, mark: float) -> str:
    return f"{'< ' if definition.less_is_better else ''}{mark:,g}"


def _readable(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _short(value: float | None) -> float | None:
    """Four significant digits: more would be noise."""
    return None if value is None else float(f"{value:.4g}")
