"""The finite sum itself, in floats, with its roundings counted."""
