"""Member accounts: made, read, changed, moved, taken out, deleted; and who pays for them."""
