"""What points do: one function, one transaction."""
