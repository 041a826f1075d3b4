"""The migrations lead to what the code expects, and the service hears what the catalogue says."""

from canvass_points.main import service
from canvass_points.tables import metadata
from canvass_runtime.migrations import differences


def test_the_newest_revision_is_the_metadata(schema):
    assert differences(schema, metadata, "points") == ""


def test_what_the_catalogue_says_is_heard():
    service.consumers.check()
