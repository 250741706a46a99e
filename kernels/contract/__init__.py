"""What every kernel is: values by class of its symmetry, kept in a table, for given parameters."""
