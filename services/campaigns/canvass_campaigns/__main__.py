"""`python -m canvass_campaigns serve|api|worker|migrate`."""

from .main import service

service.main()
