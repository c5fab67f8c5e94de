"""The settings, page by page; what is changed there counts at once."""
