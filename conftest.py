"""Every suite of the repository has the same fixtures."""

pytest_plugins = ["canvass_runtime.testing"]
