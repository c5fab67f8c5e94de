"""Numbers, times and names as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime, QTranslator

if TYPE_CHECKING:
    from datetime import datetime

    from tagger.gui.crashes import Crash


def class_title(name: str) -> str:
    """A class as people read it: `reception_room` is `Reception room`."""
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def number(value: int) -> str:
    """With the separators of the person's language: `12,345`."""
    return QLocale().toString(value)


def duration(seconds: float) -> str:
    """Roughly how long: `a few seconds`, `40 s`, `12 min`, `2 h 5 min`."""
    if seconds < 5:
        return translate("a few seconds")
    if seconds < 90:
        return translate("{count} s").format(count=round(seconds / 5) * 5)
    minutes = round(seconds / 60)
    if minutes < 90:
        return translate("{count} min").format(count=minutes)
    return translate("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def describe_crash(crash: Crash) -> str:
    """How the last run ended, in words that worry nobody more than needed."""
    began = "" if crash.began_at is None else f" ({moment(crash.began_at)})"
    reason = f" {crash.reason}." if crash.reason else ""
    words = translate(
        "The last time{began}, tagger or the computer stopped unexpectedly.{reason} What you"
        " decided is kept, and unfinished work goes on by itself. The log is in {folder}."
    )
    return words.format(began=began, reason=reason, folder=crash.log)


def moment(time: datetime) -> str:
    """Day and time with the name of the month, which nobody can misread."""
    day = QDateTime(QDate(time.year, time.month, time.day), QTime(time.hour, time.minute))
    return QLocale().toString(day, "d MMMM yyyy, HH:mm")


def translate(text: str, count: int = -1) -> str:
    """The text in the person's language, for what belongs to no single widget.

    `count` stands for `%Ln` and chooses between singular and plural.
    """
    return QCoreApplication.translate("tagger", text, "", count)


class EnglishPlurals(QTranslator):
    """Fills in `photo(s)`: Qt leaves plurals to translations, of the source language too."""

    def isEmpty(self) -> bool:
        """It has something to say."""
        return False

    def translate(
        self, _context: str, source: str, _disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """The text for this many; None for texts without a number."""
        if n < 0 or "(s)" not in source:
            return None
        return source.replace("(s)", "" if n == 1 else "s")
