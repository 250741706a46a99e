"""Appendix H: the random-features kernel."""
