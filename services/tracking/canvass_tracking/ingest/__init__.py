"""The hot door: what SDKs post, read in bulk, committed in groups, answered once it is kept. Plain ASGI."""
