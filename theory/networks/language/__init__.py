"""Small language models of bytes, and the identities that trained heads hold.

* `model`: the transformer of `theory.networks.trained` with a causal mask, and its training.
* `heads`: the diagonals of ``W_K W_Q^T`` and ``W_V W_O``, of these and of pretrained models.
"""
