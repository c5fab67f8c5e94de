"""The panel on the right: one photo with its scores, tags, file and history; and the loupe."""
