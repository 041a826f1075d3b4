"""`python -m canvass_channels serve|api|worker|migrate`."""

from .main import service

service.main()
