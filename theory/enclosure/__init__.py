"""What is proved of a template matrix's numbers: eigenvalues, determinant, condition number.

Entries come in as balls, `entries`; `factorization` decides exactly whether a matrix of floats is
positive definite, and `spectrum` puts the two together. The proofs are in docs/proofs.md.
"""
