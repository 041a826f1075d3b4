"""`python -m canvass_points serve|api|worker|migrate`."""

from .main import service

service.main()
