from canvass_runtime.migrations import differences
from canvass_tracking.consumers import consumers
from canvass_tracking.tables import metadata


def test_the_newest_revision_is_what_the_tables_say(schema):
    assert differences(schema, metadata, "tracking") == ""


def test_everything_that_the_catalogue_says_is_heard():
    consumers.check()
