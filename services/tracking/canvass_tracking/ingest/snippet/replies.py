"""What the browser SDKs of Segment and RudderStack are told when they start."""

from typing import Any

from canvass_tracking.store.sources import Source


def segment_settings(source: Source, address: str) -> dict[str, Any]:
    """Where to post to. One integration alone: with more of them the SDK would load what nobody serves.

    `address` is that of this service, such as `https://t.example.com`. Sources for the form:
    analytics-next 1.84.3, `browser/index.ts` and `plugins/segmentio`.
    """
    protocol, _, host = address.partition("://")
    segment = {"apiKey": source.write_key, "apiHost": f"{host}/v1", "protocol": protocol}
    return {"integrations": {"Segment.io": segment}, "metrics": {"sampleRate": 0}}


def rudder_config(source: Source) -> dict[str, Any]:
    """The source, and no destinations. Source for the form: analytics-js 3.34.1, `configManager/util`."""
    return {
        "source": {
            "id": source.key,
            "name": source.name,
            "workspaceId": "canvass",
            "writeKey": source.write_key,
            "enabled": True,
            "config": {},
            "connections": [],
            "destinations": [],
            "dataplanes": {},
        },
        "updatedAt": source.created_at.isoformat(),
    }
