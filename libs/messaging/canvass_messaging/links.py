"""What every process of a service holds."""

from dataclasses import dataclass

from canvass_runtime.clock import Clock
from canvass_runtime.db import Database


@dataclass(frozen=True, slots=True)
class Links:
    """Its database, its clock, and where its broker is."""

    database: Database
    clock: Clock
    rabbitmq_url: str
