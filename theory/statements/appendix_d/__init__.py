"""Appendix D: sufficient conditions for ridge regression."""
