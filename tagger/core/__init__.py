"""Pure values that every layer speaks: standard library only, no I/O."""
