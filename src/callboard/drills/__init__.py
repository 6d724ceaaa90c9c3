"""Drills: who of a member, or of all members below a scope, acknowledges a message in time."""
