"""Every suite of the repository has the same fixtures, and the same patience."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["canvass_runtime.testing"]

# How fast a machine is, is no law of ours: what is slow to make on a busy one is not wrong.
settings.register_profile("canvass", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("canvass")
