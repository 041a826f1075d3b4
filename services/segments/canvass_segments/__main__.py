"""`python -m canvass_segments serve|api|worker|migrate`."""

from .main import service

service.main()
