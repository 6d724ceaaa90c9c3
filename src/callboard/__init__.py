"""Callboard: message contacts, each address proven by its owner, behind a cloud API that clients already speak."""

__version__ = "0.1.0"
