"""The composition root: `python -m canvass_console` serves until it is told to stop."""

import asyncio

from canvass_runtime import logs, processes, serving

from canvass_console.app import create_app
from canvass_console.proxy import Proxy
from canvass_console.settings import Settings


def main() -> None:
    """Serve; ends the process."""
    settings = Settings.load()
    logs.configure("console", "info")
    processes.run(lambda stop: _serve(settings, stop))


async def _serve(settings: Settings, stop: asyncio.Event) -> None:
    proxy = Proxy(settings.services)
    try:
        await serving.serve(create_app(settings, proxy), settings.host, settings.port, stop)
    finally:
        await proxy.aclose()
