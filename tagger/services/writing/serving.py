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
from tagger.services.writing.jobs import Hand, Job, Preparing
from tagger.services.writing.placing import lose_patience
from tagger.services.writing.planning import Way

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

    from tagger.metadata import Profile

LOST = (EOFError, OSError)
"""What asking the other side raises that has died."""


def serve(connection: Connection, profile: Profile, stop: Event) -> None:
    """Do what is asked for until the other end closes; place nothing once `stop` is set."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to both; the other one decides
    gc.freeze()  # what was imported stays, so it need not be looked through again and again
    parent, batch = parent_process(), None

    def is_stopped() -> bool:
        """Nor where the program was killed, for nobody would note what is written now."""
        return stop.is_set() or (parent is not None and not parent.is_alive())

    hand = Hand(Way(Neighbours(), profile), is_stopped, lose_patience)
    jobs: SimpleQueue[Job | None] = SimpleQueue()
    Thread(target=_listen, args=(connection, jobs), name="listen", daemon=True).start()
    with suppress(*LOST):
        connection.send(None)
        while (job := jobs.get()) is not None:
            if isinstance(job, Preparing) and job.batch != batch:
                hand.way.neighbours.look_again()
                batch = job.batch
            connection.send(job.do(hand))


def _listen(connection: Connection, jobs: SimpleQueue[Job | None]) -> None:
    """Take up what comes, so that the other side can always send while this one does."""
    with suppress(*LOST):
        while True:
            jobs.put(connection.recv())
    jobs.put(None)
