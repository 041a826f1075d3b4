"""The Node SDKs of Segment and RudderStack, unchanged, over real HTTP."""

import pytest

from . import node
from .conftest import KEY


@pytest.mark.parametrize("script", ["segment-node.mjs", "rudder-node.mjs"])
async def test_what_the_sdk_tells_is_known_and_said(address, said, script):
    node.ready()
    assert await node.run(script, address, KEY) == {"failures": []}
    facts = await said()
    viewed, screen = [fact.data for fact in facts if fact.type == "tracking.page_viewed.v1"]
    assert (viewed.path, viewed.title, viewed.properties) == ("/pricing", "Prix, é", {"name": "Pricing"})
    assert screen.path == "Checkout"
    (tracked,) = [fact for fact in facts if fact.type == "tracking.event_tracked.v1"]
    assert (tracked.data.name, tracked.data.properties) == ("Bought", {"total": 12.5})
    assert tracked.data.context.ip == "203.0.113.7"
    changed = [fact for fact in facts if fact.type == "tracking.contact_changed.v1"][-1]
    assert (changed.data.user_id, changed.data.email) == ("u", "ann@example.com")
    group = {"id": "acme", "name": "Acme"}
    assert changed.data.attributes == {"country": "CA", "group_id": "acme", "group": group}
    assert len({fact.subject for fact in facts}) == 1
    assert len({fact.id for fact in facts}) == len(facts)


@pytest.mark.parametrize("script", ["segment-node.mjs", "rudder-node.mjs"])
async def test_the_sdk_gives_up_what_is_refused_for_good(address, said, script):
    node.ready()
    assert (await node.run(script, address, "wk_wrong"))["failures"] != []
    assert await said() == []
