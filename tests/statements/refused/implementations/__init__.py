"""Wrong implementations that the checks of statements must refuse."""
