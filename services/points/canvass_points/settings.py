"""What a process of `points` is told at its start."""

from typing import ClassVar

from canvass_runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing of its own yet but where it is found."""

    service: ClassVar[str] = "points"

    port: int = 8104
