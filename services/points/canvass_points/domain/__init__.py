"""What points decide: what a behaviour earns, and what that makes of a score. Pure: no clock, no I/O."""
