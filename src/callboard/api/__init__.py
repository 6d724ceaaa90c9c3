"""The wire: a request's first byte to its answer's last."""
