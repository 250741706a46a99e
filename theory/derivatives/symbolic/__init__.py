"""Derivatives for symbolic strings, through index graphs (Appendix F.1), and their notation."""
