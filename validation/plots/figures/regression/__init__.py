"""Pictures of ridge regression on unseen symbols."""
