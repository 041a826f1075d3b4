"""All SQL of tracking."""
