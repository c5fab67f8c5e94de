"""A helper's side of its work.

Its process loads this module and what it needs, so what is imported here is what a run waits for.
"""

from __future__ import annotations

import gc
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from tagger.services.neighbours import Neighbours
from tagger.services.writing.planning import Way
from tagger.services.writing.readying import prepare_photo

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from tagger.metadata import Profile

LOST = (EOFError, OSError)
"""What asking the other side raises that has died."""


def serve(connection: Connection, profile: Profile) -> None:
    """Prepare what is asked for until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to both; the other one decides
    gc.freeze()  # what was imported stays, so it need not be looked through again and again
    way, last = Way(Neighbours(), profile), None
    with suppress(*LOST):
        connection.send(None)
        while True:
            photos, batch = connection.recv()
            if batch != last:
                way.neighbours.look_again()
                last = batch
            connection.send([prepare_photo(pending, way) for pending in photos])
