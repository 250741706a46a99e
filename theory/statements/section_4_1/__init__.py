"""Section 4.1: diversity and kernel regression."""
