"""``template-kernels statements``: the command, the words that it takes, what it prints."""
