"""What segments decide: who is in, and whom a fact concerns. Pure: no clock, no chance, no I/O."""
