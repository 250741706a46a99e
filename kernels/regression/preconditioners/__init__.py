"""Approximate inverses of the kernel matrix plus a ridge."""
