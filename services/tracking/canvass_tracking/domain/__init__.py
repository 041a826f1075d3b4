"""What tracking decides: whose an event is, and when it happened. Pure: no clock, no chance, no I/O."""
