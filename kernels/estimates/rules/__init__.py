"""What becomes of errors: in sums, products and quotients, in linear algebra, and by rounding."""
