"""Appendix E: the activation."""
