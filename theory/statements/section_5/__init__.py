"""Section 5: copying."""
