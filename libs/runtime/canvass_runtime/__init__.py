"""What every Canvass service stands on: settings, clock, database, HTTP, auth and telemetry.

Nothing here knows what a contact or a campaign is. Each room can be imported alone, so that a worker
without HTTP never pays for a web framework.
"""
