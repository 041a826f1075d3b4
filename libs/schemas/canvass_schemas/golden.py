"""Golden examples: events as they have been on the wire, which speakers and hearers must read forever."""

from importlib.resources import files
from typing import Any

from .envelope import Fact


def golden(fact_class: type[Fact[Any]]) -> dict[str, bytes]:
    """The examples of a fact, by name: each one CloudEvent in JSON. Empty when it has none."""
    folder = files("canvass_schemas") / "examples" / fact_class.TYPE
    if not folder.is_dir():
        return {}
    found = sorted(folder.iterdir(), key=lambda file: file.name)
    return {file.name.removesuffix(".json"): file.read_bytes() for file in found}
