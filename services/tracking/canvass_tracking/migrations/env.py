from canvass_runtime.migrations import env_main
from canvass_tracking.tables import metadata

env_main(metadata)
