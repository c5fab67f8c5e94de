"""The one side of a mailbox that observers see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.files.mailbox import Mailbox


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the observer of one attempt tells what it sees below `root`."""

    root: Path
    box: Mailbox
    attempt: int

    def touch(self, rel_path: str) -> None:
        """Something happened to this file."""
        self.box.touch(self.attempt, self.root / rel_path)

    def lose(self) -> None:
        """The system dropped events."""
        self.box.lose(self.attempt)

    def lose_folder(self) -> None:
        """A folder was removed or moved away; its files may not be told one by one."""
        self.box.lose_folder(self.attempt)

    def check(self) -> None:
        """The watched folder itself seems to be gone."""
        self.box.check(self.attempt)

    def fail(self, error: OSError) -> None:
        """Not every folder can be observed."""
        self.box.fail(self.attempt, error)
