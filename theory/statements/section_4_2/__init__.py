"""Section 4.2: transformers generalize."""
