"""exiftool as the oracle for metadata, started once and asked many times."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Self

Tags = dict[str, Any]
"""`G1:Tag` to value, as exiftool's JSON has it."""


class Exiftool:
    """One process with `-stay_open`; starting it takes a quarter of a second each time."""

    def __init__(self, command: str) -> None:
        self._process = subprocess.Popen(
            [command, "-stay_open", "True", "-@", "-", "-common_args", "-charset", "utf8"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate("-stay_open\nFalse\n", timeout=20)

    def __call__(self, *arguments: str | Path) -> str:
        """What it prints, without warnings and errors. Never with `-q`, which hides the end."""
        assert "-q" not in arguments
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write("\n".join([*map(str, arguments), "-execute\n"]))
        stdin.flush()
        lines: list[str] = []
        for line in stdout:
            if line.startswith("{ready}"):
                return "".join(lines)
            lines.append(line)
        raise AssertionError("".join(["exiftool died", *lines]))

    def read(self, *paths: Path, options: tuple[str, ...] = ("-all:all",)) -> dict[str, Tags]:
        """All tags of these files or folders, by file name."""
        text = self("-j", "-G1", "-struct", "-a", *options, *paths)
        start = text.find("[{")
        rows = json.loads(text[start : text.rindex("]") + 1]) if start >= 0 else []
        return {Path(row["SourceFile"]).name: row for row in rows}
