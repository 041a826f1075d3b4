"""The console as people use it: console/e2e in a real Chromium, against the really running services."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from canvass_cli import building
from canvass_runtime.testing import fresh_database, fresh_vhost

from tests.browser.running_console import running_console, told
from tests.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

SPECS = sorted(file.name for file in (building.HOME / "e2e").glob("*.spec.ts"))
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("needs Chromium: apt-get install chromium, or set CHROMIUM to where it is")
    return found


@pytest.fixture(scope="module")
def stack(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The five services and the console, running; what the browser's tests are told of them."""
    building.build()
    home: Path = tmp_path_factory.mktemp("console")
    with (
        fresh_database(os.environ["CANVASS_TEST_DATABASE_URL"]) as database_url,
        fresh_vhost() as rabbitmq_url,
        Installation(database_url, rabbitmq_url, home) as installation,
        running_console(installation, home / "console.log") as url,
    ):
        yield told(installation, url) | {"CHROMIUM": chromium}


@pytest.mark.parametrize("spec", SPECS)
def test_in_a_browser(stack: dict[str, str], spec: str):
    building.run("browser", spec, told=stack)
