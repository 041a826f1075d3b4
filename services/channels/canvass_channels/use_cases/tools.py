"""What the ways out share in one process."""

from dataclasses import dataclass

from canvass_channels.senders.calls import Caller
from canvass_channels.senders.press import Press, Told
from canvass_channels.senders.reach import Reach
from canvass_channels.settings import Settings


@dataclass(frozen=True, slots=True)
class Tools:
    """Where templates are rendered, whom we may call, and how."""

    press: Press
    reach: Reach
    caller: Caller

    async def close(self) -> None:
        """End what is idle."""
        await self.press.close()
        await self.caller.close()


_made: dict[int, tuple[Settings, Tools]] = {}


def tools_of(settings: Settings) -> Tools:
    """One set for each process: nothing is started before it is needed."""
    if id(settings) not in _made:
        _made[id(settings)] = settings, _make(settings)
    return _made[id(settings)][1]


def _make(settings: Settings) -> Tools:
    secrets = [secret.strip() for secret in settings.link_secret.get_secret_value().split(",")]
    told = Told(tuple(filter(None, secrets)), settings.tracking_url, settings.public_url)
    reach = Reach(settings.allow_private_addresses)
    return Tools(Press(told), reach, Caller(reach, settings.call_seconds))
