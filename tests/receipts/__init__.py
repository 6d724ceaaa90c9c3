"""Receipts, bounces, failover and canaries."""
