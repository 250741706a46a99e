"""Sections on what is known of unseen symbols beforehand."""
