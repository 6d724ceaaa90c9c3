"""What Callboard says of itself: OpenAPI, the API and error reference, all made from the action model."""
