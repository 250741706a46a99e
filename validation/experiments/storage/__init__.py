"""Points: measured in parallel, stored one file each, and found again by their parameters."""
