"""Section 3: template tasks."""
