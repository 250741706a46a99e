"""Appendix C: token symmetry."""
