"""Knowing at the start that the last run did not end as it should, and where its log is."""

from __future__ import annotations

import faulthandler
import json
import logging
import logging.handlers
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_FATAL = "Fatal Python error: "
_WINDOWS_FATAL = "Windows fatal exception: "
_LOG_BYTES = 1_000_000


@dataclass(frozen=True)
class Crash:
    """How the last run ended.

    Attributes:
        began_at: when it was started; None where that is not known.
        reason: what the system called it; empty where it had no time to say so.
        log: the folder with the logs.
    """

    began_at: datetime | None
    reason: str
    log: Path


class RunRecord:
    """One run of the window: a mark while it lasts, and logs of what nobody expected.

    Only one window of a library may have one.
    """

    def __init__(self, home: Path) -> None:
        self._logs = home / "logs"
        self._marker = self._logs / "running.json"
        self._crash_log = self._logs / "crash.log"

    def begin(self, now: datetime) -> Crash | None:
        """Start logging; returns how the last run ended if it was not by itself."""
        self._logs.mkdir(parents=True, exist_ok=True)
        crash = self._find_crash()
        self._keep_crash_log()
        self._log_file = self._crash_log.open("w", encoding="utf-8")
        faulthandler.enable(self._log_file)
        record = {"began_at": now.isoformat(timespec="seconds"), "pid": os.getpid()}
        self._marker.write_text(json.dumps(record), encoding="utf-8")
        self._log_errors()
        return crash

    def end(self) -> None:
        """It ended as it should."""
        faulthandler.disable()
        self._log_file.close()
        self._marker.unlink(missing_ok=True)
        sys.excepthook = self._hook
        for handler in self._handlers:
            logging.getLogger().removeHandler(handler)
            handler.close()

    def _find_crash(self) -> Crash | None:
        if not self._marker.exists():
            return None
        began_at = None
        with suppress(OSError, ValueError, KeyError, TypeError):
            record = json.loads(self._marker.read_text(encoding="utf-8"))
            began_at = datetime.fromisoformat(record["began_at"])
        return Crash(began_at, self._read_reason(), self._logs)

    def _read_reason(self) -> str:
        with suppress(OSError):
            for line in self._crash_log.read_text("utf-8", "replace").splitlines():
                for start in (_FATAL, _WINDOWS_FATAL):
                    if line.startswith(start):
                        return line.removeprefix(start)
        return ""

    def _keep_crash_log(self) -> None:
        """The next run must not write over what a crash left."""
        if self._crash_log.exists() and self._crash_log.stat().st_size:
            self._crash_log.replace(self._logs / "crash-before.log")

    def _log_errors(self) -> None:
        """Keep what nobody expected in a file, beside what is printed."""
        form = logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s")
        self._handlers: list[logging.Handler] = [
            logging.handlers.RotatingFileHandler(
                self._logs / "tagger.log", maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8"
            ),
            logging.StreamHandler(),
        ]
        for handler in self._handlers:
            handler.setLevel(logging.WARNING)
            handler.setFormatter(form)
            logging.getLogger().addHandler(handler)
        self._hook, sys.excepthook = sys.excepthook, _log_uncaught


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logging.getLogger(__name__).critical("uncaught error", exc_info=(kind, error, trace))
