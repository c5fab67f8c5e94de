"""Teaching in the window: what there is to learn from, lessons, and what they would change."""
