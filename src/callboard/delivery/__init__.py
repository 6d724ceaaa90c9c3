"""The far end of the outbox: letters on their way to people, by email and by SMS."""
