"""What segments do: one function, one transaction."""
