"""Pictures on their way from disk to the screen: decoded in threads, pixmaps in the window's."""
