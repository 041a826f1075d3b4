"""What channels decide: what becomes of a delivery. Pure: no clock, no chance, no I/O."""
