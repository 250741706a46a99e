"""Appendix G: analyticity."""
