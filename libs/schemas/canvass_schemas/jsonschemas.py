"""The committed JSON Schemas of all facts: `python -m canvass_schemas.jsonschemas` rewrites them."""

import json
import sys
from pathlib import Path
from typing import Any

from .catalogue import CATALOGUE
from .compatibility import incompatibilities
from .envelope import Fact

FOLDER = Path(__file__).parent / "jsonschema"

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(fact_class: type[Fact[Any]]) -> dict[str, Any]:
    """What a hearer may rely on: fields that are not required may be missing; unknown ones may be there."""
    return {"$schema": _DIALECT, **fact_class.model_json_schema(mode="validation")}


def fresh() -> dict[str, dict[str, Any]]:
    """The schemas of all facts by type, as the code is now."""
    return {entry.fact.TYPE: schema_of(entry.fact) for entry in CATALOGUE}


def committed(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """The schemas of all facts by type, as they were committed."""
    return {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))}


def broken_promises(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> list[str]:
    """What `new` takes back of what `old` promised, one line each. New facts take nothing back."""
    lines = [f"{kind}: is no longer said" for kind in old.keys() - new.keys()]
    for kind in old.keys() & new.keys():
        lines += [f"{kind}: {reason}" for reason in incompatibilities(old[kind], new[kind])]
    return sorted(lines)


def text(schema: dict[str, Any]) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def rewrite(folder: Path = FOLDER) -> list[str]:
    """Bring the committed schemas up to date. Where that would break a promise, touch none and say which."""
    schemas = fresh()
    if broken := broken_promises(committed(folder), schemas):
        return broken
    folder.mkdir(exist_ok=True)
    for kind, schema in schemas.items():
        (folder / f"{kind}.json").write_text(text(schema), "utf-8")
    return []


def main() -> int:
    """Rewrite, or say what stands in the way and what to do about it."""
    broken = rewrite()
    if broken:
        advice = "Say it as a new type, `.v<N+1>`, beside the old one. If no release has ever said the type,"
        sys.stderr.write(
            "\n".join([*broken, advice, f"delete its schema in {FOLDER} and run this again.", ""])
        )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
