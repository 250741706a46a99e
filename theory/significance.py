"""The chance that a verdict is wrong where nothing but chance speaks against a claim."""

SIGNIFICANCE = 1e-6
"""Of one whole verdict, whatever the number of comparisons in it: a false alarm in a million runs.
Small, since checks run often and on tasks by the thousand; a standard error then counts about five
times."""
