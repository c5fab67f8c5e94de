"""How large a picture must be, before and after decoding."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """Bounds on the sides of a picture; None leaves a side free.

    Attributes:
        short_side_px, long_side_px: at most; both None asks for full size.
    """

    short_side_px: int | None = None
    long_side_px: int | None = None

    def size_for(self, size: tuple[int, int]) -> tuple[int, int]:
        """The exact size in pixels for an original of `size`, which is never enlarged.

        The longer side is rounded down, as torchvision's `Resize` does.
        """
        short, long = sorted(size)
        wanted_short = min(short, self.short_side_px or short)
        wanted_long = max(1, long * wanted_short // max(1, short))
        if self.long_side_px is not None and self.long_side_px < wanted_long:
            wanted_long = self.long_side_px
            wanted_short = max(1, short * wanted_long // long)
        width, height = size
        return (wanted_long, wanted_short) if width > height else (wanted_short, wanted_long)

    def is_met_by(self, size: tuple[int, int], full_size: tuple[int, int]) -> bool:
        """Whether a picture of `size` does as well as one of `full_size`."""
        wanted = self.size_for(full_size)
        # One side alone: the proportions of a preview are a little other than the sensor's.
        side = max if self.short_side_px is None and self.long_side_px is not None else min
        return side(size) >= side(wanted)
