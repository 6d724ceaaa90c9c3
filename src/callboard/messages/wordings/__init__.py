"""Texts of messages with variables, kept under a name: checked when they are saved, filled when one is published."""
