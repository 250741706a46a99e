"""How a statement is stated, checked and decided; the statements themselves stand beside."""
