"""A stack of a test's own, ended and deleted after it."""

from pathlib import Path

import pytest
from canvass_cli.down import purge
from canvass_cli.places import Places


@pytest.fixture
def places(tmp_path: Path):
    places = Places(tmp_path / "run")
    places.make()
    yield places
    purge(places)
