"""Broken instances: small changes that make a statement wrong, each of which its check must see."""
