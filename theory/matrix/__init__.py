"""The template matrix N of a task, and whether it is singular (Section 4.2)."""
