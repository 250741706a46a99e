"""Hypotheses that several statements share, and how they are tested."""
