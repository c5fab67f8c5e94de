"""A helper's side of its work.

Its process loads this module and what it needs, so what is imported here is what a run waits for.
"""

from __future__ import annotations

import gc
import signal
from contextlib import suppress
from multiprocessing import parent_process
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from tagger.services.neighbours import Neighbours
from tagger.services.writing.jobs import Hand, Preparing, do_all
from tagger.services.writing.placing import lose_patience
from tagger.services.writing.planning import Way

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

    from tagger.metadata import Profile
    from tagger.services.writing.jobs import Job

_NEW_OBJECTS = 20_000
"""After so many they are looked through for rubbish: nearly all of a photo's go by themselves."""
LOST = (EOFError, OSError)
"""What asking the other side raises that has died."""


def serve(connection: Connection, profile: Profile, stop: Event) -> None:
    """Do what is asked for until the other end closes; place nothing once `stop` is set."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to both; the other one decides
    gc.freeze()  # what was imported stays, so it need not be looked through again and again
    gc.set_threshold(_NEW_OBJECTS)
    parent, batch = parent_process(), None

    def is_stopped() -> bool:
        """Nor where the program was killed, for nobody would note what is written now."""
        return stop.is_set() or (parent is not None and not parent.is_alive())

    hand = Hand(Way(Neighbours(), profile), is_stopped, lose_patience)
    shares: SimpleQueue[Sequence[Job] | None] = SimpleQueue()
    Thread(target=_listen, args=(connection, shares), name="listen", daemon=True).start()
    with suppress(*LOST):
        connection.send(None)
        while (share := shares.get()) is not None:
            newest = max((one.batch for one in share if isinstance(one, Preparing)), default=batch)
            if newest != batch:
                hand.way.neighbours.look_again()
                batch = newest
            connection.send(do_all(share, hand))


def _listen(connection: Connection, shares: SimpleQueue[Sequence[Job] | None]) -> None:
    """Take up what comes, so that the other side can always send while this one does."""
    with suppress(*LOST):
        while True:
            shares.put(connection.recv())
    shares.put(None)
