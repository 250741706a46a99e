"""Section 4.3: parameters that help."""
