from canvass_channels.tables import metadata
from canvass_runtime.migrations import env_main

env_main(metadata)
