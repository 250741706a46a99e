"""Sums and products that are written once for NumPy and JAX."""
