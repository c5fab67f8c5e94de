"""Order, laziness, time limit, cancelling and closing of the pool."""

from __future__ import annotations

import threading
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, PhotoTimeoutError, UnreadablePhotoError
from tagger.images import DecodePool

if TYPE_CHECKING:
    from collections.abc import Iterator

PATHS = [Path(f"{number}.jpg") for number in range(40)]


def _items(paths: list[Path]) -> list[tuple[str, Path]]:
    return [(path.stem, path) for path in paths]


def test_results_come_in_order_with_their_keys() -> None:
    with DecodePool(lambda path: path.name, workers=3) as pool:
        results = list(pool.results(_items(PATHS), look_ahead=5, cancel=CancelToken()))
    assert results == [(path.stem, path.name) for path in PATHS]


def test_items_are_pulled_no_further_than_the_look_ahead() -> None:
    pulled: list[Path] = []

    def pull() -> Iterator[tuple[Path, Path]]:
        for path in PATHS:
            pulled.append(path)
            yield path, path

    with DecodePool(lambda path: path, workers=2) as pool:
        results = pool.results(pull(), look_ahead=4, cancel=CancelToken())
        assert pulled == []
        for taken in range(1, 6):
            next(results)
            assert len(pulled) == taken + 3


def test_an_error_of_one_photo_is_its_result() -> None:
    refusal = UnreadablePhotoError("The file is empty.")

    def decode(path: Path) -> str:
        if path.stem == "1":
            raise refusal
        return path.stem

    with DecodePool(decode, workers=2) as pool:
        results = list(pool.results(_items(PATHS[:3]), look_ahead=2, cancel=CancelToken()))
    assert results == [("0", "0"), ("1", refusal), ("2", "2")]


def test_an_error_that_is_none_of_a_photo_is_raised_where_results_are_used() -> None:
    def decode(path: Path) -> str:
        raise KeyError(path.stem)

    with (
        DecodePool(decode, workers=1) as pool,
        pytest.raises(KeyError, match="0"),
    ):
        list(pool.results(_items(PATHS[:2]), look_ahead=2, cancel=CancelToken()))


def test_photos_that_hang_time_out_and_the_others_go_on() -> None:
    release = Event()

    def decode(path: Path) -> str:
        if path.stem in {"0", "1", "2", "7"}:
            release.wait(20)
        return path.stem

    with DecodePool(decode, workers=2, time_limit_s=0.1) as pool:
        results = dict(pool.results(_items(PATHS[:10]), look_ahead=6, cancel=CancelToken()))
        release.set()
    late = {key for key, result in results.items() if isinstance(result, PhotoTimeoutError)}
    assert late == {"0", "1", "2", "7"}
    assert str(results["0"]).startswith("Reading the picture took longer than 0.1 seconds.")
    assert results["9"] == "9"


def test_a_photo_waiting_behind_slow_ones_has_its_whole_limit() -> None:
    gate = Event()
    threading.Timer(0.3, gate.set).start()

    def decode(path: Path) -> str:
        if path.stem == "0":
            gate.wait(20)
        return path.stem

    with DecodePool(decode, workers=1, time_limit_s=5) as pool:
        results = list(pool.results(_items(PATHS[:3]), look_ahead=3, cancel=CancelToken()))
    assert [result for _, result in results] == ["0", "1", "2"]


def test_cancelling_stops_between_two_photos() -> None:
    cancel = CancelToken()
    with DecodePool(lambda path: path, workers=1) as pool:
        results = pool.results(_items(PATHS), look_ahead=2, cancel=cancel)
        next(results)
        cancel.cancel()
        with pytest.raises(CancelledError):
            next(results)


def test_cancelling_does_not_wait_for_a_photo_that_hangs() -> None:
    cancel = CancelToken()
    release = Event()
    threading.Timer(0.05, cancel.cancel).start()
    with DecodePool(lambda _: release.wait(20), workers=1) as pool:
        with pytest.raises(CancelledError):
            next(pool.results(_items(PATHS), look_ahead=2, cancel=cancel))
        release.set()


def test_closing_leaves_no_thread_and_skips_what_has_not_begun() -> None:
    begun: list[Path] = []
    gate = Event()

    def decode(path: Path) -> None:
        begun.append(path)
        gate.wait(20)

    before = threading.active_count()
    with DecodePool(decode, workers=2) as pool:
        results = pool.results(_items(PATHS), look_ahead=10, cancel=CancelToken())
        gate.set()
        next(results)
        gate.clear()
        results.close()  # type: ignore[attr-defined]  # a generator
        gate.set()
    assert threading.active_count() == before
    assert len(begun) < len(PATHS)


def test_a_thread_given_up_ends_when_its_photo_does() -> None:
    release = Event()
    with DecodePool(lambda _: release.wait(20), workers=1, time_limit_s=0.05) as pool:
        [(_, result)] = pool.results(_items(PATHS[:1]), look_ahead=1, cancel=CancelToken())
        assert isinstance(result, PhotoTimeoutError)
        stuck = [thread for thread in threading.enumerate() if thread.name == "decode"]
        release.set()
    for thread in stuck:
        thread.join(5)
        assert not thread.is_alive()


def test_results_may_run_in_several_threads_at_once() -> None:
    found: list[list[str]] = []

    def use(pool: DecodePool[str]) -> None:
        results = pool.results(_items(PATHS), look_ahead=3, cancel=CancelToken())
        found.append([str(result) for _, result in results])

    with DecodePool(lambda path: path.stem, workers=2) as pool:
        users = [threading.Thread(target=use, args=(pool,)) for _ in range(3)]
        for user in users:
            user.start()
        for user in users:
            user.join()
    assert found == [[path.stem for path in PATHS]] * 3
