"""Draw the icons that Windows and macOS want from the program's own: run it when that changes.

`.venv/bin/python resources/packaging/draw_icons.py`
"""

from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

PACKAGING = Path(__file__).resolve().parent
WINDOWS_PX = (16, 24, 32, 48, 64, 128, 256)
MACOS_PX = (16, 32, 64, 128, 256, 512, 1024)


def draw_icon(side_px: int) -> Image.Image:
    """The program's icon at one size, on nothing."""
    canvas = QImage(side_px, side_px, QImage.Format.Format_RGBA8888)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    QSvgRenderer(str(PACKAGING.parent / "icons" / "tagger.svg")).render(painter)
    painter.end()
    return Image.frombytes("RGBA", (side_px, side_px), bytes(canvas.constBits()))


if __name__ == "__main__":
    windows = [draw_icon(side_px) for side_px in WINDOWS_PX]
    windows[-1].save(
        PACKAGING / "icons" / "tagger.ico",
        sizes=[(side_px, side_px) for side_px in WINDOWS_PX],
        append_images=windows[:-1],
    )
    macos = [draw_icon(side_px) for side_px in MACOS_PX]
    macos[-1].save(PACKAGING / "icons" / "tagger.icns", append_images=macos[:-1])
