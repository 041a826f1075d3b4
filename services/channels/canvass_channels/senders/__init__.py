"""The way out to the world: what a message says, how it is written, and who is handed it."""
