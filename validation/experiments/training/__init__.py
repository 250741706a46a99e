"""Networks that are trained: their error on unseen symbols, beside what the kernel predicts."""
