"""The API as its documentation and its clients know it, on both databases."""
