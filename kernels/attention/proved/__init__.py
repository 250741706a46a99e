"""Values of the attention kernel with proved errors (docs/proofs.md has the proofs).

Every term of the quadrature is positive: a float sum of positive terms errs by a multiple of the
value that is known from the number of its roundings alone. ``bounds`` proves what discretization
and truncation cost, in ball arithmetic; ``sums`` adds up, in floats, and counts its roundings.
"""
