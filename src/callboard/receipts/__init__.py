"""What is heard of letters after a provider took them: receipts, bounces, addresses that reach nobody, canaries."""
