"""One command per use case, as text or `--json`; the window calls the same services."""


def main() -> None:
    """Run the command line of this process."""
    # A process started for work loads this package too, as its program, and needs no command.
    from tagger.cli.main import main as run  # noqa: PLC0415

    run()


__all__ = ["main"]
