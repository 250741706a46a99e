"""What ridge regression is given, checked at the boundary."""
