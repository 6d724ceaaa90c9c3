"""Messages about member accounts: published, routed to who is told, delivered, and accounted for."""
