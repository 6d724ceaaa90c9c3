"""What readers of a message do from its letters: acknowledge it, have no more of its type."""
