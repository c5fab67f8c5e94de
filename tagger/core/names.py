"""Names of files, searches and posts."""

import unicodedata


def fold_name(text: str) -> str:
    """Text for comparing without regard to case or to how accents are encoded."""
    return unicodedata.normalize("NFC", text).casefold()
