"""Appendix F: derivatives at the origin."""
