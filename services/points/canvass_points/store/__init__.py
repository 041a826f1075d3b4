"""All SQL of points."""
