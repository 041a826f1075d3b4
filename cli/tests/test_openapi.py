"""The console's clients are made from what the services really answer."""

import pytest
from canvass_cli import openapi
from canvass_cli.places import CHECKOUT
from canvass_cli.services import NAMES


@pytest.mark.parametrize("service", NAMES)
def test_the_committed_description_is_that_of_the_code(service):
    committed = (CHECKOUT / "console" / "openapi" / f"{service}.json").read_text()
    assert committed == openapi.text(service), "run `make openapi` and commit what changes"
