"""What campaigns do: each function is one transaction's work, for many contacts at once."""
