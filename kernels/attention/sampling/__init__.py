"""Estimates from random and quasi-random points, each with a standard error."""
