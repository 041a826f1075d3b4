from canvass_runtime.migrations import env_main
from canvass_segments.tables import metadata

env_main(metadata)
