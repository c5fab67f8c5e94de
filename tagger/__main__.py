"""`python -m tagger` is the same as `tagger`."""

from tagger.cli import main

main()
