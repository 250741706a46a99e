"""What is checked where a user's arguments come in, and the errors that refuse them."""
