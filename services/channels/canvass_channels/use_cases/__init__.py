"""What channels do: each function is one transaction's work, for many deliveries at once."""
