"""Policies with their versions, what they are attached to, and roles."""
