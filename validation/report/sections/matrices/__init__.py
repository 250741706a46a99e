"""Sections on template matrices."""
