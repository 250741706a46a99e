"""How far the Taylor series of the attention kernel converge: at two strings, nowhere."""
