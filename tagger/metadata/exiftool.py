"""The user's own exiftool: puts blocks of metadata into copies of formats we don't write ourselves.

It never sees a photo: it reads a copy in a folder of its own and makes a second file there, of
which only the bytes are taken. A process may take 9 GB for a broken file of 31 KB, or minutes, so
it is killed at its limits and started again for the next file.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Lock, Timer
from typing import TYPE_CHECKING, Self

from tagger.core.errors import MetadataRefusedError

if sys.platform == "linux":
    import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

TIME_LIMIT_S = 60.0
MEMORY_LIMIT_BYTES = 3 << 30
_FRESH_AFTER_S = 60.0
_CPU_LIMIT_S = int(_FRESH_AFTER_S + TIME_LIMIT_S)
"""Ends it, too, when this program was killed: without a reader it asks for work for ever."""
_OPTIONS = ("-config", "", "-stay_open", "True", "-@", "-", "-common_args")
_COMMON = ("-charset", "filename=utf8")
_END = b"{ready}"


def find_exiftool(command: str = "exiftool") -> str | None:
    """The whole path of the program, None where this machine has none."""
    return shutil.which(command)


class Exiftool:
    """One process, started for the first file and asked for one file after the other.

    May be used by several threads; they wait for each other.
    """

    def __init__(
        self,
        command: str,
        *,
        time_limit_s: float = TIME_LIMIT_S,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    ) -> None:
        """`memory_limit_bytes` is held by the system on Linux; elsewhere time alone is limited."""
        self._command = command
        self._time_limit_s = time_limit_s
        self._memory_limit_bytes = memory_limit_bytes
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._worked_s = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; may be called again."""
        with self._lock:
            self._end()

    def put_blocks(self, data: bytes, suffix: str, blocks: Mapping[str, bytes]) -> bytes:
        """The photo with these values under exiftool's names of them (`XMP`, `IPTC`, …).

        Raises:
            MetadataRefusedError: exiftool can't write this file, or reached its limits.
        """
        with self._lock, _scratch_folder() as name:
            folder = Path(name)
            old, new = folder / f"old{suffix}", folder / f"new{suffix}"
            _fill(old, data)
            arguments = []
            for number, (tag, value) in enumerate(blocks.items()):
                _fill(folder / f"{number}.block", value)
                arguments.append(f"-{tag}<={folder / f'{number}.block'}")
            self._run([*arguments, "-o", str(new), str(old)])
            try:
                return new.read_bytes()
            except OSError as error:
                raise MetadataRefusedError("exiftool does not write this kind of file.") from error

    def _run(self, arguments: list[str]) -> None:
        process = self._ready_process()
        timer = Timer(self._time_limit_s, process.kill)
        timer.start()
        started, is_done = time.monotonic(), False
        try:
            is_done = _ask(process, arguments)
        finally:
            timer.cancel()
            self._worked_s += time.monotonic() - started
            if not is_done:  # what it still says must not be taken for the next answer
                self._end()
        if not is_done:
            raise MetadataRefusedError("exiftool took too long or too much memory for this file.")

    def _ready_process(self) -> subprocess.Popen[bytes]:
        if self._worked_s > _FRESH_AFTER_S:
            self._end()
        if self._process is None:
            self._process = self._start()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(  # noqa: S603 - a program that the user chose
                [self._command, *_OPTIONS, *_COMMON],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise MetadataRefusedError("exiftool can't be started.") from error
        if sys.platform == "linux":
            memory = (self._memory_limit_bytes, self._memory_limit_bytes)
            resource.prlimit(process.pid, resource.RLIMIT_AS, memory)
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (_CPU_LIMIT_S, _CPU_LIMIT_S))
        return process

    def _end(self) -> None:
        process, self._process, self._worked_s = self._process, None, 0.0
        if process is not None:
            process.kill()
            process.communicate()


def _ask(process: subprocess.Popen[bytes], arguments: list[str]) -> bool:
    """Whether it came to an end, be it with an error."""
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        return False
    try:
        stdin.write("\n".join([*arguments, "-execute\n"]).encode("utf-8", "surrogateescape"))
        stdin.flush()
    except OSError:  # it died
        return False
    return any(line.startswith(_END) for line in stdout)


def _scratch_folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="tagger-exiftool-", ignore_cleanup_errors=True)
    except OSError as error:
        raise MetadataRefusedError("There is no place for a copy to work on.") from error


def _fill(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise MetadataRefusedError("There is no room for a copy to work on.") from error
