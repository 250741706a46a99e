"""What can be said of unseen symbols before any sample is drawn: B2 to B7, and the formula B9.

Each function takes the few numbers that matter: N, the deviations d_a = K(x, x) - N_aa, the
overlap Delta, the counts n_a, the ridge.
"""
