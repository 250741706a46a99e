"""Sums of kernel values over the training strings, at new strings."""
