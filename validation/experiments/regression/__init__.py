"""Experiments with kernel ridge regression: the error on unseen symbols over n, ρ and kernels."""
