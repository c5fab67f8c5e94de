"""Teaching as the window does it: what there is to learn from, a lesson, what it would change."""
