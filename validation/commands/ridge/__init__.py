"""``template-kernels ridge``: on samples of a task, or on a file of one's own."""
