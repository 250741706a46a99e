"""Appendix I: multilayer perceptrons fail."""
