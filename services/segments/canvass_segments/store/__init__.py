"""All SQL of segments, but for what `compile` makes of rules."""
