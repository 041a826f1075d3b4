"""What tracking does: each function is one transaction's work, for many at once."""
