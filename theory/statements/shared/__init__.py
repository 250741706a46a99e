"""What the checks of several statements share."""
