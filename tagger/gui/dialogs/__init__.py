"""Windows beside the window. None of them makes the others wait."""
