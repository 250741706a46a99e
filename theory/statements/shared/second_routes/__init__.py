"""Second routes to a number: kernels by evaluation and by sampling, matching by exhaustion."""
