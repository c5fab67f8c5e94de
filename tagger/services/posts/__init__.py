"""Posts: choosing photos for them, keeping them while they are made, and the ledger of what was."""
