"""One command per use case, as text or `--json`; the window calls the same services."""

from tagger.cli.main import main

__all__ = ["main"]
