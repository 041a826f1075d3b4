from canvass_channels.tables import metadata
from canvass_runtime.migrations import differences


def test_the_newest_revision_is_what_the_tables_say(schema):
    assert differences(schema, metadata, "channels") == ""
