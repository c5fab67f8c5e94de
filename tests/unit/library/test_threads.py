from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest

from tagger.core.errors import LibraryError
from tagger.core.tag import TagState, Verdict
from tagger.library import Library
from tagger.library.schema import MIGRATIONS
from tests.unit.library.shelf import Shelf, picture

REPOSITORY = Path(__file__).resolve().parents[3]

# Decides for ever, and says so after each decision that it believes stored.
DECIDE_FOR_EVER = """
import itertools, sys
from pathlib import Path
from tagger.core.tag import Verdict
from tagger.library import Library
from tagger.library.schema import MIGRATIONS
from tests.unit.library.shelf import Shelf, picture

with Library.open(Path(sys.argv[1])) as library:
    shelf = Shelf(library)
    for number in itertools.count():
        name = f"{sys.argv[2]} {number}.jpg"
        shelf.scan(picture(name))
        shelf.decide(name, Verdict.CONFIRMED)
        print(name, flush=True)
"""


def start(home: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", DECIDE_FOR_EVER, str(home), name],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )


def read_names(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


def stop(process: subprocess.Popen[str]) -> list[str]:
    """Kill it and return what it said last."""
    process.send_signal(signal.SIGKILL)
    assert process.stdout is not None
    with process.stdout:
        # The last line may be torn; a torn one was never claimed.
        rest = [line.strip() for line in process.stdout if line.endswith(".jpg\n")]
    process.wait()
    return rest


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_two_killed_programs_lose_no_decision_that_they_stored(tmp_path: Path) -> None:
    Library.open(tmp_path).close()
    first, second = start(tmp_path, "first"), start(tmp_path, "second")
    said = read_names(first, 25) + read_names(second, 25)
    said += stop(first) + stop(second)

    with Library.open(tmp_path) as library:
        shelf = Shelf(library)
        assert library.check() == "ok"
        for name in said:
            assert shelf.states(name) == {"bride": TagState.CONFIRMED}


def test_many_threads_write_and_read(shelf: Shelf) -> None:
    def work(worker: int) -> None:
        for number in range(10):
            name = f"{worker}-{number}.jpg"
            shelf.scan(picture(name))
            shelf.decide(name, Verdict.REJECTED)
            assert shelf.states(name) == {"bride": TagState.REJECTED}

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert len(shelf.shown()) == 80


def test_connections_of_ended_threads_are_closed(library: Library) -> None:
    for _ in range(20):
        thread = Thread(target=library.folders)
        thread.start()
        thread.join()

    assert len(library._store._connections) <= 2


def test_closing_waits_for_running_calls(tmp_path: Path) -> None:
    library = Library.open(tmp_path)
    done: list[str] = []

    def close() -> None:
        library.close()
        done.append("closed")

    with library._store.reading() as db:
        closer = Thread(target=close)
        closer.start()
        assert db.execute("SELECT count(*) FROM photos").fetchone() == (0,)
        assert done == []
    closer.join()
    assert done == ["closed"]
    with pytest.raises(LibraryError):
        library.tags()
    gc.collect()  # a forgotten connection would warn here


def test_what_raises_in_a_transaction_is_rolled_back(library: Library) -> None:
    def fail() -> None:
        with library._store.writing() as db:
            db.execute("INSERT INTO settings (key, value) VALUES ('a', 'b')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert library.setting("a") is None
    library.change_setting("a", "c")
    assert library.setting("a") == "c"


def test_several_programs_make_the_same_library_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        for attempt in range(5):
            homes = [tmp_path / str(attempt)] * 6
            assert list(pool.map(_open_version, homes)) == [len(MIGRATIONS)] * 6


def _open_version(home: Path) -> int:
    with Library.open(home) as library:
        assert library.check() == "ok"
        return library.version
