"""Threads beside the window and the ways back from them."""
