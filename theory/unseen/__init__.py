"""Ridge regression on unseen symbols, exactly (part B of the project's theorems).

Where the statements have R, the regular tokens, ``[CLS]`` is left out, as in `theory`; lambda is
called ridge, f_* the labels.
"""
