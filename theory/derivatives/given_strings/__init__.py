"""Exact derivatives for given strings, through Hermite polynomials and cumulants, and a check."""
