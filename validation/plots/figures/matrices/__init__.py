"""Pictures of template matrices: over parameters, activations, boxes."""
