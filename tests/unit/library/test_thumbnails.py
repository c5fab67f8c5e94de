from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tagger.library.thumbnails import ThumbnailStore

if TYPE_CHECKING:
    from pathlib import Path


def test_thumbnails_are_kept_and_replaced(tmp_path: Path) -> None:
    store = ThumbnailStore(tmp_path / "thumbnails.db")
    store.save("a", b"one")
    store.save("a", b"two")
    store.close()

    again = ThumbnailStore(tmp_path / "thumbnails.db")
    assert again.load("a") == b"two"
    assert again.load("b") is None
    again.close()


def test_a_damaged_cache_is_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    path.write_bytes(b"no database at all" * 1000)

    store = ThumbnailStore(path)
    store.save("a", b"one")

    assert store.load("a") == b"one"
    store.close()


def test_above_the_limit_the_oldest_go(tmp_path: Path) -> None:
    store = ThumbnailStore(tmp_path / "thumbnails.db", limit_bytes=100_000)
    for number in range(501):
        store.save(str(number), b"x" * 1000)

    assert store.load("0") is None
    assert store.load("500") is not None
    kept = [number for number in range(501) if store.load(str(number)) is not None]
    assert kept == list(range(501 - len(kept), 501))
    assert 80 <= len(kept) <= 100
    store.close()


def test_threads_share_the_cache(tmp_path: Path) -> None:
    store = ThumbnailStore(tmp_path / "thumbnails.db")

    def save_many(name: str) -> None:
        for number in range(20):
            store.save(f"{name}{number}", name.encode())

    threads = [threading.Thread(target=save_many, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(store.load(f"{name}19") == name.encode() for name in "abcd")
    store.close()


def test_a_closed_cache_is_an_empty_one(tmp_path: Path) -> None:
    store = ThumbnailStore(tmp_path / "thumbnails.db")
    store.close()

    store.save("a", b"one")
    assert store.load("a") is None
