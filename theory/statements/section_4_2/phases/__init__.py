"""det M as a sum of exponentials over permutations, and the phases b2 at which it vanishes."""
