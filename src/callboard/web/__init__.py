"""The pages and endpoints beside the API: confirmation, mailbox, health, metrics, reference, test controls."""
