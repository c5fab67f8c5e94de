"""Against a real server on this machine that breaks off, refuses and sends rubbish on demand."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, ModelError
from tagger.ml.download import download_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = bytes(range(256)) * 12_000
HASH = hashlib.sha256(CONTENT).hexdigest()[:8]


class Server(ThreadingHTTPServer):
    """Sends `CONTENT`.

    Attributes:
        breaks_after: bytes after which it hangs up, for each request in turn.
        knows_ranges: whether it can go on in the middle.
        starts: where each answer began.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.breaks_after: list[int] = []
        self.knows_ranges = True
        self.starts: list[int] = []

    def url(self, name: str = "resnet.pth") -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path.endswith("missing"):
            self.send_error(404, "Not Found")
            return
        asked = self.headers.get("Range") if self.server.knows_ranges else None
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if start >= len(CONTENT):
            self.send_error(416)
            return
        self.server.starts.append(start)
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(CONTENT) - start))
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        self.end_headers()
        end = self.server.breaks_after.pop(0) if self.server.breaks_after else len(CONTENT)
        self.wfile.write(CONTENT[start : start + end])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_whole_download_tells_how_far_it_is(server: Server, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    path = tmp_path / "cache/resnet.pth"
    download_file(
        server.url(), path, HASH, CancelToken(), lambda done, total: told.append((done, total))
    )
    assert path.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [file.name for file in path.parent.iterdir()] == ["resnet.pth"]


def test_a_broken_line_is_taken_up_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.breaks_after = [1_500_000, 100_000]
    download_file(server.url(), tmp_path / "resnet.pth", HASH, CancelToken())
    assert (tmp_path / "resnet.pth").read_bytes() == CONTENT
    assert server.starts == [0, 1_500_000, 1_600_000]


def test_a_line_that_breaks_again_and_again_keeps_what_has_come(
    server: Server, tmp_path: Path
) -> None:
    server.breaks_after = [10, 10, 10, 10]
    with pytest.raises(ModelError, match="What has come is kept"):
        download_file(server.url(), tmp_path / "resnet.pth", HASH, CancelToken())
    download_file(server.url(), tmp_path / "resnet.pth", HASH, CancelToken())
    assert server.starts[-1] == 40
    assert (tmp_path / "resnet.pth").read_bytes() == CONTENT


def test_a_server_that_knows_no_ranges_begins_anew(server: Server, tmp_path: Path) -> None:
    server.knows_ranges = False
    (tmp_path / "resnet.pth.part").write_bytes(b"old")
    download_file(server.url(), tmp_path / "resnet.pth", HASH, CancelToken())
    assert (tmp_path / "resnet.pth").read_bytes() == CONTENT


def test_a_stop_keeps_what_has_come(server: Server, tmp_path: Path) -> None:
    cancel = CancelToken()
    with pytest.raises(CancelledError):
        download_file(
            server.url(),
            tmp_path / "resnet.pth",
            HASH,
            cancel,
            lambda _done, _total: cancel.cancel(),
        )
    kept = (tmp_path / "resnet.pth.part").stat().st_size
    assert 0 < kept < len(CONTENT)
    download_file(server.url(), tmp_path / "resnet.pth", HASH, CancelToken())
    assert server.starts == [0, kept]


@pytest.mark.parametrize("rest", [b"", b"longer than the file"])
def test_other_bytes_are_thrown_away(server: Server, tmp_path: Path, rest: bytes) -> None:
    (tmp_path / "resnet.pth.part").write_bytes(b"x" * len(CONTENT) + rest)
    with pytest.raises(ModelError, match="not the file that was expected"):
        download_file(server.url(), tmp_path / "resnet.pth", HASH, CancelToken())
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_refuses(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"can't be reached \(Not Found\)"):
        download_file(server.url("missing"), tmp_path / "resnet.pth", HASH, CancelToken())


def test_no_network(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't be reached"):
        download_file("http://127.0.0.1:9/x", tmp_path / "resnet.pth", HASH, CancelToken())


def test_a_folder_that_cant_be_written(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="can't be written"):
        download_file(server.url(), tmp_path / "file/resnet.pth", HASH, CancelToken())
