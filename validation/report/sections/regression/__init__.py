"""Sections on ridge regression on unseen symbols."""
