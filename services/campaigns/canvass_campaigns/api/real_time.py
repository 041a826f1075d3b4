"""The present as it is: how long links, sessions and tokens are good is no affair of the domain's clock."""

from datetime import datetime
from typing import Annotated

from canvass_runtime.clock import Clock
from fastapi import Depends

_CLOCK = Clock()


def _now() -> datetime:
    return _CLOCK.now()


RealNow = Annotated[datetime, Depends(_now)]
