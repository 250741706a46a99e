"""What a finite sum in place of the Gaussian and Laplace integrals costs: bounds in balls."""
