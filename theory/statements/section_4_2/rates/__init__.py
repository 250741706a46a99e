"""How fast the error on unseen symbols falls, measured by fits and by certificates."""
