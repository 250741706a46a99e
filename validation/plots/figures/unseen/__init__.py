"""Pictures of what is known of unseen symbols beforehand."""
