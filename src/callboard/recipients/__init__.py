"""Who is told: the contacts in effect for an account, why, and where nobody is."""
