"""The machine: what it is, how busy it is, and whose work keeps it busy."""

import contextlib
import platform
import re
import time
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from canvass_cli import processes

CORES = psutil.cpu_count() or 1


@dataclass(slots=True)
class Usage:
    """CPU in percent of one core: of each group of processes, of what is in none (`elsewhere`: above all, of
    whatever else the machine does), and what a hypervisor took (`stolen`).
    """

    seconds: float = 0.0
    percent: dict[str, float] = field(default_factory=dict[str, float])


@contextlib.contextmanager
def measured(groups: Mapping[str, Iterable[int]]) -> Generator[Usage]:
    """What these processes, each with its children, and the machine use while the block runs."""
    usage = Usage()
    whole, spent, began = psutil.cpu_times(), _spent(groups), time.monotonic()
    yield usage
    usage.seconds = time.monotonic() - began
    now, after = psutil.cpu_times(), _spent(groups)
    usage.percent = {name: _percent(after[name] - spent[name], usage.seconds) for name in spent}
    idle = now.idle + now.iowait - whole.idle - whole.iowait
    busy_seconds = CORES * usage.seconds - idle
    usage.percent["elsewhere"] = round(_percent(busy_seconds, usage.seconds) - sum(usage.percent.values()), 1)
    usage.percent["stolen"] = _percent(getattr(now, "steal", 0) - getattr(whole, "steal", 0), usage.seconds)


def busy(seconds: float = 2.0) -> float:
    """How busy the machine is by itself, in percent of one core."""
    with measured({}) as usage:
        time.sleep(seconds)
    return usage.percent["elsewhere"]


def describe() -> dict[str, Any]:
    """What a figure is quoted with."""
    memory = psutil.virtual_memory().total / 2**30
    return {
        "processor": _processor(),
        "cores": CORES,
        "memory_gb": round(memory, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def family(root: int) -> list[psutil.Process]:
    """A process and all that it has started; empty when it has ended."""
    try:
        return processes.with_children([psutil.Process(root)])
    except psutil.NoSuchProcess:
        return []


def memory(pid: int) -> tuple[float, float]:
    """PSS and RSS of one process in MB (millions of bytes)."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kilobytes = dict(re.findall(r"^(Pss|Rss):\s+(\d+) kB$", text, re.MULTILINE))
    pss, rss = (int(kilobytes[name]) * 1024 / 1e6 for name in ("Pss", "Rss"))
    return pss, rss


def _spent(groups: Mapping[str, Iterable[int]]) -> dict[str, float]:
    return {name: sum(_cpu_seconds(root) for root in roots) for name, roots in groups.items()}


def _cpu_seconds(root: int) -> float:
    """Of a family, with those of its children that have ended and been waited for."""
    total = 0.0
    for process in family(root):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def _percent(busy_seconds: float, seconds: float) -> float:
    return round(100 * busy_seconds / seconds, 1)


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
