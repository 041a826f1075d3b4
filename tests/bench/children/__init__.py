"""The processes beside the bench: what is measured, and what makes the load."""
