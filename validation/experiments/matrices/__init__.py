"""Experiments with the template matrix N: verdicts, conditioning, maps over kernel parameters."""
