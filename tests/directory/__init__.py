"""The directory and its tree as their documentation and their clients know them, on both databases."""
