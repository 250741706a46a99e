"""From strings of tokens to codes, and from pairs of strings to their joint patterns."""
