"""The pages and endpoints beside the API, over HTTP, on both databases."""
