"""The story that must always run, on the running services, and again on the same installation."""

import pytest
from canvass_cli.demo.play import play

from tests.installation import Installation, free_port

pytestmark = pytest.mark.timeout(400)


def test_the_story_is_played_and_played_again(installation: Installation):
    assert play(installation.addresses(), free_port())
    assert play(installation.addresses(), free_port())
