"""Where the program meets the shell: exit codes, and one sentence for every error."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

# Importing a module of commands is what puts them into the application.
from tagger.cli import (  # noqa: F401
    class_changes,
    class_keywords,
    classes,
    cleaning,
    coverage,
    deciding,
    evaluating,
    exporting,
    folders,
    health,
    history,
    interop,
    learning_keywords,
    library,
    models,
    post,
    posts,
    presets,
    rating,
    reading,
    report,
    reviewing,
    searches,
    settings,
    training,
    working,
)
from tagger.cli.app import app
from tagger.core.errors import (
    CancelledError,
    LibraryError,
    ModelError,
    PhotoError,
    QueryError,
    TaggerError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE = 0
SOME_PHOTOS_FAILED = 1
WRONG_USE = 2
UNUSABLE = 3
UNEXPECTED = 70  # EX_SOFTWARE of sysexits.h: a fault of the program itself
INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main() -> None:
    """Run the command line of this process."""
    # Names that are not UTF-8 and terminals that are not either must not stop a listing.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # real streams
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors are one sentence on standard error."""
    try:
        app(args=list(arguments), prog_name="tagger")
    except SystemExit as end:  # how typer ends every command, wrong options (2) included
        return end.code if isinstance(end.code, int) else DONE
    except TaggerError as error:
        return _fail(_sentence(error), _exit_code(error))
    except Exception as error:
        logging.getLogger(__name__).exception("unexpected error")
        return _fail(f"Something unexpected went wrong: {error!r}", UNEXPECTED)
    return DONE


def _fail(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _sentence(error: TaggerError) -> str:
    """The error; for a search text also the text with a mark under the place."""
    if isinstance(error, QueryError):
        return f"{error}\n  {error.text}\n  {' ' * error.position}^"
    return str(error)


def _exit_code(error: TaggerError) -> int:
    if isinstance(error, LibraryError | ModelError):
        return UNUSABLE
    if isinstance(error, PhotoError):
        return SOME_PHOTOS_FAILED
    if isinstance(error, CancelledError):
        return INTERRUPTED
    return WRONG_USE
