"""One file a figure, in the order in which they are measured."""

from tests.bench.figures import bus, idle, ingest_batched, ingest_single, reactions

FIGURES = (idle.FIGURE, ingest_single.FIGURE, ingest_batched.FIGURE, bus.FIGURE, reactions.FIGURE)
