"""What commands share: their frame, their options, and how they print."""
