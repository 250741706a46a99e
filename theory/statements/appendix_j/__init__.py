"""Appendix J: symbolic labels."""
