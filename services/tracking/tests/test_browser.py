"""The browser SDKs of Segment and RudderStack in a real Chromium, in a page of another origin."""

import json
import re
import shutil
from pathlib import Path

import pytest

from . import node
from .conftest import KEY

pytestmark = pytest.mark.browser

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "post-events.md"


@pytest.fixture
def chromium() -> str:
    node.ready()
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("needs Chromium: apt-get install chromium, or https://www.chromium.org")
    return found


@pytest.fixture
def visit(chromium, address, tmp_path):
    """Load a page with `head` in it and run a script there, until so many POSTs were answered.

    What the script returns, what was asked of us, and what went wrong.
    """

    async def visit(head, script, posts):
        page, does = tmp_path / "page.html", tmp_path / "does.js"
        title = "<title>Prix, é</title>"
        page.write_text(f'<!doctype html>{title}{head}<a id="more" href="#more">More</a><form id="f"></form>')
        does.write_text(script)
        seen = await node.run("browser.mjs", chromium, str(page), str(does), str(posts))
        asked = [
            (method, url.removeprefix(address).partition("?")[0], status)
            for method, url, status in seen["answers"]
            if url.startswith(address)
        ]
        return seen.get("result"), asked, seen["errors"]

    return visit


def snippet(address):
    """The one that the how-to says to paste."""
    (found,) = re.findall(r"```html\n(<script>.*?</script>)\n```", HOW_TO.read_text(), re.DOTALL)
    return found.replace("https://tracking.example.com", address).replace("wk_YOUR_WRITE_KEY", KEY)


SEGMENT = """(async () => {
  await new Promise((resolve) => analytics.ready(resolve))
  await analytics.identify('u', { email: 'Ann@Example.com', country: 'CA' })
  await analytics.group('acme', { name: 'Acme' })
  await analytics.track('Bought', { total: 12.5 })
  await analytics.screen('Checkout')
  await analytics.trackClick(document.getElementById('more'), 'More wanted')
  document.getElementById('more').click()
  return analytics.user().anonymousId()
})()"""


async def test_segments_sdk_boots_from_the_snippet_and_tells_what_is_done(visit, address, said):
    anonymous_id, asked, errors = await visit(snippet(address), SEGMENT, posts=6)
    assert errors == []
    assert anonymous_id
    assert {status for _, _, status in asked} <= {200, 204}
    paths = {(method, path) for method, path, _ in asked if method != "OPTIONS"}
    chunk = next(path for _, path in paths if path.startswith("/analytics-next/bundles/auto-track."))
    assert paths == {
        ("GET", f"/analytics.js/v1/{KEY}/analytics.min.js"),
        ("GET", f"/v1/projects/{KEY}/settings"),
        ("GET", chunk),
        *(("POST", f"/v1/{letter}") for letter in "pigts"),
    }
    facts = await said()
    viewed, screen = [fact.data for fact in facts if fact.type == "tracking.page_viewed.v1"]
    assert (viewed.path, viewed.title) == ("/pricing", "Prix, é")
    assert viewed.url.endswith("/pricing?plan=team")
    assert (screen.path, viewed.context.ip) == ("Checkout", "127.0.0.1")
    tracked = [fact.data.name for fact in facts if fact.type == "tracking.event_tracked.v1"]
    assert tracked == ["Bought", "More wanted"]
    changed = [fact for fact in facts if fact.type == "tracking.contact_changed.v1"][-1]
    assert (changed.data.user_id, changed.data.email) == ("u", "ann@example.com")
    assert changed.data.attributes["country"] == "CA"
    assert changed.data.attributes["group"] == {"id": "acme", "name": "Acme"}
    assert len({fact.subject for fact in facts}) == 1


RUDDER = """(async () => {
  const sdk = new rudderanalytics.RudderAnalytics()
  sdk.load(KEY, ADDRESS, { configUrl: ADDRESS, logLevel: 'ERROR', ...OPTIONS })
  await new Promise((resolve) => sdk.ready(resolve))
  sdk.page('Docs', 'Pricing', {})
  sdk.identify('u', { email: 'Ann@Example.com', country: 'CA' })
  sdk.group('acme', { name: 'Acme' })
  sdk.track('Bought', { total: 12.5 })
})()"""
BEACONS = {"useBeacon": True, "beaconQueueOptions": {"maxItems": 4, "flushQueueInterval": 100}}


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        pytest.param({}, ["/v1/page", "/v1/identify", "/v1/group", "/v1/track"], id="one by one"),
        pytest.param(BEACONS, ["/beacon/v1/batch"], id="by a beacon"),
    ],
)
async def test_rudderstacks_sdk_boots_and_tells_what_is_done(visit, address, said, options, paths):
    stated = {"KEY": KEY, "ADDRESS": address, "OPTIONS": options}
    script = "".join(f"const {name} = {json.dumps(value)};" for name, value in stated.items()) + RUDDER
    _, asked, errors = await visit('<script src="/rudder.js"></script>', script, posts=len(paths))
    assert errors == []
    assert {status for _, _, status in asked} <= {200, 204}
    assert ("GET", "/sourceConfig/", 200) in asked
    assert sorted(path for method, path, _ in asked if method == "POST") == sorted(paths)
    facts = await said()
    (viewed,) = [fact.data for fact in facts if fact.type == "tracking.page_viewed.v1"]
    assert (viewed.path, viewed.title, viewed.context.ip) == ("/pricing", "Prix, é", "127.0.0.1")
    assert [fact.data.name for fact in facts if fact.type == "tracking.event_tracked.v1"] == ["Bought"]
    changed = [fact for fact in facts if fact.type == "tracking.contact_changed.v1"][-1]
    assert (changed.data.user_id, changed.data.email) == ("u", "ann@example.com")
    assert changed.data.attributes["country"] == "CA"
    assert len({fact.subject for fact in facts}) == 1
