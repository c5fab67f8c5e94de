"""Downloading one large file: in pieces that survive a broken line, checked by its hash."""

from __future__ import annotations

import hashlib
import http.client
import re
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from tagger.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagger.core.cancel import CancelToken

_PIECE = 1 << 20
_ATTEMPTS = 4
_TIMEOUT_S = 20.0
_LARGEST = 1 << 30


def download_file(
    url: str,
    target: Path,
    sha256_prefix: str,
    cancel: CancelToken,
    on_progress: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> Path:
    """Download to `target`; what came before the line broke is kept beside it as `.part`.

    `torch.hub` has no such thing: it begins anew each time.

    Args:
        url: of the file.
        target: replaced only by a whole file with the right hash.
        sha256_prefix: first hexadecimal digits of the hash.
        cancel: looked at after each megabyte.
        on_progress: told bytes done and bytes in all, None while that isn't known.

    Raises:
        CancelledError: somebody asked for a stop; the next call goes on.
        ModelError: no network, an error of the server, a full disk, or other bytes than expected.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                is_whole = _fetch_rest(url, part, cancel, on_progress)
            except (TimeoutError, ConnectionError, http.client.HTTPException):
                is_whole = False
            if is_whole:
                break
            if attempt == _ATTEMPTS:
                raise ModelError(
                    f"The download of {url} broke off. What has come is kept: try again later."
                )
        _check_hash(part, url, sha256_prefix)
        part.replace(target)
    except urllib.error.URLError as error:
        raise ModelError(f"{url} can't be reached ({error.reason}).") from error
    except OSError as error:
        raise ModelError(f"{target} can't be written: {error.strerror or error}.") from error
    return target


def _fetch_rest(
    url: str, part: Path, cancel: CancelToken, on_progress: Callable[[int, int | None], None]
) -> bool:
    """Append what is missing to the part. Returns whether it is the whole file then."""
    done = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {})  # noqa: S310 - the address is a constant of torchvision
    try:
        response = urllib.request.urlopen(request, timeout=_TIMEOUT_S)  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        return True  # nothing is left to fetch; the hash tells whether it is the right file
    with response:
        if response.status != http.HTTPStatus.PARTIAL_CONTENT:
            done = 0  # the server can't go on in the middle
        total = _read_total(response, done)
        with part.open("ab" if done else "wb") as file:
            while piece := response.read(_PIECE):
                file.write(piece)
                done += len(piece)
                on_progress(done, total)
                cancel.raise_if_cancelled()
                if done > _LARGEST:
                    raise ModelError(f"{url} is far larger than the weights it should hold.")
    return total is None or done >= total


def _read_total(response: http.client.HTTPResponse, done: int) -> int | None:
    matched = re.fullmatch(r"bytes \d+-\d+/(\d+)", response.headers.get("Content-Range", ""))
    if matched:
        return int(matched[1])
    length = response.headers.get("Content-Length")
    return done + int(length) if length else None


def _check_hash(part: Path, url: str, sha256_prefix: str) -> None:
    with part.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if not found.startswith(sha256_prefix):
        part.unlink()
        raise ModelError(
            f"What {url} sent is not the file that was expected. Try again, on another network "
            "if it happens twice."
        )
