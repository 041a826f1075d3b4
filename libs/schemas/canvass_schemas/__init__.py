"""The event contracts of Canvass: the envelope, every fact, and who says and who hears it."""
