"""The kernel matrix of millions of strings, as an operator without the matrix."""
