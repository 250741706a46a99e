"""Duals with proved errors: balls in, a ball out. The proofs are in docs/proofs.md."""
