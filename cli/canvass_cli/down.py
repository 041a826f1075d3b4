"""`canvass down`: everything ended, the data kept; and `canvass purge`: the data gone as well."""

import shutil

from . import exclusive
from .places import Places
from .supervisor import Supervisor


def down(places: Places) -> bool:
    """End every process of the stack, and wait until all are gone. False: none was running."""
    if not places.run.exists():
        return False
    with exclusive.alone(places.run / "lock"):
        return Supervisor(places).shut_down()


def purge(places: Places) -> None:
    """End it, and delete its data, secrets and logs."""
    Supervisor(places).kill()
    for directory in (places.apart, places.run):
        shutil.rmtree(directory, ignore_errors=True)
    if places.socket.parent != places.run:
        shutil.rmtree(places.socket.parent, ignore_errors=True)
