"""Endpoints: webhooks and chats that are told beside people, for a contact or for a scope."""
