"""When an event happened, by our clock: the sender's may be wrong, but it is wrong in both of its stamps."""

from datetime import datetime


def happened_at(original: datetime | None, sent: datetime | None, received: datetime) -> datetime:
    """All aware. `original` is the sender's time of the event, `sent` that of its request.

    The age of the event at sending is what the sender knows for sure; it is taken off our own time of
    receipt. Without `sent` the sender's time is believed. Nothing happens after it was received.
    """
    if original is None:
        return received
    if sent is None:
        return min(original, received)
    try:
        return min(received - (sent - original), received)
    except OverflowError:  # a clock of the year 1, or 9999
        return received
