"""The ways to the solution of the equation of the distinct strings."""
