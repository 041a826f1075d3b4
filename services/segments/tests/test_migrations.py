"""The migrations lead to what the code expects, and the service hears what the catalogue says."""

from canvass_runtime.migrations import differences
from canvass_segments.main import service
from canvass_segments.tables import metadata


def test_the_newest_revision_is_the_metadata(schema):
    assert differences(schema, metadata, "segments") == ""


def test_what_the_catalogue_says_is_heard():
    service.consumers.check()
