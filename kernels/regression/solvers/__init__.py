"""Conjugate gradients, and factorizations."""
