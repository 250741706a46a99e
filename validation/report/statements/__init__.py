"""The page of statements: each with its formula, its verdict, its evidence and its picture."""
