"""Message contacts: people, the addresses that they have proven, and what they are bound to."""
