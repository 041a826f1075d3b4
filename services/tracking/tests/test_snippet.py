"""What browsers load before they post."""

import gzip
import re
from importlib.resources import files

import httpx2
import pytest
from canvass_tracking.ingest.edge import edge
from canvass_tracking.ingest.snippet.files import MAIN
from canvass_tracking.ingest.snippet.files import main as main_script

from .conftest import KEY
from .test_edge import BASIC

BUNDLES = files("canvass_tracking.ingest.snippet") / "analytics-next"
CHUNKS = sorted(one.name for one in BUNDLES.iterdir() if one.name.endswith(".js") and one.name != MAIN)


async def test_segments_sdk_is_told_where_to_post(client):
    answer = await client.get(f"/v1/projects/{KEY}/settings", headers={"host": "t.example.com:8101"})
    told = {"apiKey": KEY, "apiHost": "t.example.com:8101/v1", "protocol": "http"}
    assert answer.json() == {"integrations": {"Segment.io": told}, "metrics": {"sampleRate": 0}}
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_where_we_are_may_be_stated(database, rest, clock, group, links):
    doors = {"group": group, "links": links, "max_bytes": 9999}
    app = edge(rest, database, clock, **doors, public_url="https://t.example.com")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://inside"
    ) as client:
        told = (await client.get(f"/v1/projects/{KEY}/settings")).json()["integrations"]["Segment.io"]
    assert (told["apiHost"], told["protocol"]) == ("t.example.com/v1", "https")


@pytest.mark.parametrize("host", ["", "evil.example/x", 'a"b', "x" * 300])
async def test_a_host_that_is_none_is_told_to_nobody(client, host):
    answer = await client.get(f"/v1/projects/{KEY}/settings", headers={"host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_host")


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        (f"?p=npm&v=3.34.1&build=modern&writeKey={KEY}&lockIntegrationsVersion=true", {}),
        ("", BASIC),
        (f"?writeKey={KEY}", BASIC),
    ],
)
@pytest.mark.parametrize("path", ["/sourceConfig/", "/sourceConfig"])
async def test_rudderstacks_sdk_is_told_of_its_source(client, path, query, headers):
    source = (await client.get(path + query, headers=headers)).json()["source"]
    assert (source["id"], source["name"], source["writeKey"]) == ("website", "Website", KEY)
    assert (source["enabled"], source["config"], source["destinations"]) == (True, {}, [])


@pytest.mark.parametrize(
    "path", ["/v1/projects/wk_wrong/settings", "/sourceConfig/", "/sourceConfig/?writeKey=x"]
)
async def test_an_unknown_key_is_told_so(client, path):
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_write_key")
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("name", ["analytics.min.js", "analytics.js"])
async def test_the_sdk_is_served_and_kept_for_minutes(client, name):
    answer = await client.get(f"/analytics.js/v1/{KEY}/{name}")
    assert answer.content == (BUNDLES / MAIN).read_bytes()
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 40_000
    assert answer.headers["cache-control"] == "public, max-age=300"
    plain = await client.get(f"/analytics.js/v1/{KEY}/{name}", headers={"accept-encoding": "identity"})
    assert (plain.content, "content-encoding" in plain.headers) == (answer.content, False)


async def test_a_browser_that_has_the_sdk_is_not_sent_it_again(client):
    first = await client.get(f"/analytics.js/v1/{KEY}/analytics.min.js")
    headers = {"if-none-match": f'W/"other", {first.headers["etag"]}'}
    again = await client.get(f"/analytics.js/v1/{KEY}/analytics.min.js", headers=headers)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", CHUNKS)
async def test_a_part_of_the_sdk_is_kept_for_ever(client, name):
    answer = await client.get(f"/analytics-next/bundles/{name}")
    assert answer.content == (BUNDLES / name).read_bytes()
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    digest = name.split(".")[-2]
    assert digest in (BUNDLES / MAIN).read_text()


@pytest.mark.parametrize("name", ["x.js", MAIN, "LICENSE.md", "..%2f__init__.py", "%2e%2e", "__init__.py"])
async def test_nothing_else_is_a_part_of_it(client, name):
    assert (await client.get(f"/analytics-next/bundles/{name}")).status_code == 404


def test_the_sdk_comes_with_its_license_and_its_version():
    assert "MIT License" in (BUNDLES / "LICENSE.md").read_text()
    assert re.search(r'"1\.84\.3"', (BUNDLES / MAIN).read_text())
    script = main_script()
    assert gzip.decompress(script.packed) == script.content
