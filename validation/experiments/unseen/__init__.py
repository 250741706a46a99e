"""Experiments with what is exact, proved or foretold of ridge regression on unseen symbols."""
