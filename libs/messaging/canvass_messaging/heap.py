"""What garbage collection costs a process that makes and drops whole batches."""

import gc

THRESHOLD = 50_000
"""Objects made beyond those dropped before a collection: several batches, where Python's own is a fifth."""


def settle() -> None:
    """Set aside what start-up has made, as it stays, and look for garbage less often. Before work begins.

    A batch is thousands of objects that end by their counts. Looking through them, and through all modules
    again and again, took two fifths of a consumer's time.
    """
    if gc.get_threshold()[0] == THRESHOLD:
        return
    gc.collect()
    gc.freeze()
    gc.set_threshold(THRESHOLD, 10, 10)
