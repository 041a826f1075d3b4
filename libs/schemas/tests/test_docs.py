"""The reference for subscribers."""

from pathlib import Path

import pytest
from canvass_schemas.catalogue import CATALOGUE
from canvass_schemas.docs import page

COMMITTED = Path(__file__).parents[3] / "docs" / "events.md"


def test_the_committed_page_is_fresh():
    assert COMMITTED.read_text("utf-8") == page(), "run python -m canvass_schemas.docs > docs/events.md"


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.fact.TYPE)
def test_every_fact_has_its_section_and_is_linked_from_the_table(entry):
    kind = entry.fact.TYPE
    assert page().count(f"### `{kind}`\n") == 1
    assert f"[`{kind}`](#{kind.replace('.', '')})" in page()
    assert f"`{kind}.live`, `{kind}.bulk`" in page()
