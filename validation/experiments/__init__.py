"""Experiments: each measures points, stores them, and returns what it found as a typed record."""
