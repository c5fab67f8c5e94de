"""XMP packets: bytes to a tree and back, with limits that no real packet reaches.

Sources: ISO 16684-1 section 7.3 for the packet wrapper. `end="r"` only forbids programs that
do not know the surrounding format to edit in place (it guards checksums as in PNG); this program
rewrites the surroundings, so such packets are edited and keep their `r`.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.source import MAX_BLOCK_BYTES

_MAX_TAGS = 300_000
_MAX_ATTRIBUTES = 300_000
PADDING_BYTES = 2048
_SMALL_BYTES = 1 << 17
_BOM = "\ufeff"
_BLANKS = " \t\r\n\x00" + _BOM
_BLANK_SET = frozenset(_BLANKS)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PATTERNS = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARED = re.compile(r"(<\?xml\s[^>]*?encoding\s*=\s*[\"'])([A-Za-z0-9._-]+)")
_UNREADABLE = "The XMP metadata is damaged and can't be read."


@dataclass(frozen=True, slots=True)
class Packet:
    """A parsed packet.

    Attributes:
        head: text before the root element: the wrapper's start.
        root: `x:xmpmeta` or `rdf:RDF`.
        tail: text behind the root element: padding and the wrapper's end.
        size: bytes the packet had.
        is_utf8: whether it came in UTF-8, so that its length can be kept.
    """

    head: str
    root: etree._Element
    tail: str
    size: int
    is_utf8: bool = True

    def to_bytes(self) -> bytes:
        """The packet in UTF-8; as long as before where the padding allows it."""
        body = etree.tostring(self.root.getroottree(), encoding="unicode")
        padding, end = _split_tail(self.tail)
        fixed = len((self.head + body + end).encode())
        room = self.size - fixed
        if not self.is_utf8 or not _has_padding(padding):
            return (self.head + body + padding + end).encode()
        if room < 1:
            room = PADDING_BYTES
        return (self.head + body + _make_padding(room) + end).encode()

    def to_short_bytes(self) -> bytes:
        """The packet in UTF-8 without padding, for where there is no room for any."""
        body = etree.tostring(self.root.getroottree(), encoding="unicode")
        return (self.head + body + "\n" + _split_tail(self.tail)[1]).encode()


def _split_tail(tail: str) -> tuple[str, str]:
    start = tail.rfind("<?xpacket")
    return (tail, "") if start < 0 else (tail[:start], tail[start:])


def _has_padding(padding: str) -> bool:
    return len(padding) > 64 and not padding.strip(_BLANKS)


def _make_padding(size: int) -> str:
    """White space in lines of 100 characters, as the XMP specification advises."""
    lines = "\n" + (" " * 99 + "\n") * (size // 100 + 1)
    return lines[: size - 1] + "\n"


_NEW_ROOT = """<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="tagger">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/">
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"""


def make_packet(end: str | None) -> Packet:
    """A packet without properties.

    `end` is `w` with padding (JPEG), `r` without (where checksums guard it) or None for the
    bare document of a sidecar.
    """
    if end is None:
        return Packet("", parse_document(_NEW_ROOT), "\n", 0)
    head = f'<?xpacket begin="{_BOM}" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    padding = _make_padding(PADDING_BYTES) if end == "w" else "\n"
    return Packet(head, parse_document(_NEW_ROOT), f'{padding}<?xpacket end="{end}"?>', 0)


def parse_packet(data: bytes) -> Packet:
    """Raises `MetadataRefusedError` for what is no well-formed XML or must not be parsed.

    Refused are document types and entities, more than 16 MB, 300,000 tags or 256 levels.
    """
    head, body, tail, is_utf8 = _take_apart(data)
    root = parse_document(body)
    return Packet(_DECLARED.sub(r"\1UTF-8", head), root, tail, len(data), is_utf8)


def parse_first_document(data: bytes) -> etree._Element:
    """The root of the first of several documents in one packet, for reading alone.

    Some writers leave old closing tags behind the new end. Raises `MetadataRefusedError`.
    """
    text, _ = decode_packet(data)
    start, _ = _find_root(text)
    name = re.compile(r"<([\w:.-]+)").match(text, start)
    closing = re.search(rf"</{re.escape(name[1])}\s*>", text) if name else None
    if closing is None:
        raise MetadataRefusedError(_UNREADABLE)
    return parse_document(text[start : closing.end()])


def find_body(data: bytes) -> str:
    """The root element alone, as text, for another parser."""
    body = _take_apart(data)[1]
    _refuse_dangerous(body)
    return body


_Parts = tuple[str, str, str, bool]


def _take_apart(data: bytes) -> _Parts:
    """Text before the root element, its own, text behind it, and whether it came as UTF-8.

    Kept for a moment unless it is large, since both readers and the editor ask for it.
    """
    return _take_small_apart(data) if len(data) <= _SMALL_BYTES else _split(data)


@lru_cache(maxsize=16)
def _take_small_apart(data: bytes) -> _Parts:
    return _split(data)


def _split(data: bytes) -> _Parts:
    text, is_utf8 = decode_packet(data)
    start, end = _find_root(text)
    return text[:start], text[start:end], text[end:], is_utf8


def decode_packet(data: bytes) -> tuple[str, bool]:
    """The text without byte-order marks, and whether it came as UTF-8.

    Raises `MetadataRefusedError` when the bytes fit no encoding they may have.
    """
    if len(data) > MAX_BLOCK_BYTES:
        raise MetadataRefusedError("The XMP metadata is larger than any program writes.")
    encoding = _find_encoding(data)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise MetadataRefusedError(_UNREADABLE) from error
    return text.lstrip(_BOM), encoding == "utf-8"


def _find_encoding(data: bytes) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    for pattern, name in _PATTERNS:
        if data.startswith(pattern):
            return name
    declared = _DECLARED.match(data[:200].decode("latin-1"))
    name = declared[2].lower() if declared else "utf-8"
    return name if name in {"iso-8859-1", "windows-1252", "us-ascii"} else "utf-8"


def _find_root(text: str) -> tuple[int, int]:
    """Where the root element starts and ends."""
    start = 0
    while True:
        while text[start : start + 1] in _BLANK_SET:
            start += 1
        opening = next((pair for pair in _PROLOG if text.startswith(pair[0], start)), None)
        if opening is None:
            break
        closing = text.find(opening[1], start)
        if closing < 0:
            raise MetadataRefusedError(_UNREADABLE)
        start = closing + len(opening[1])
    wrapper_end = text.rfind("<?xpacket", start)
    end = len(text[:wrapper_end].rstrip(_BLANKS)) if wrapper_end > 0 else len(text.rstrip(_BLANKS))
    return start, max(end, start)


_PROLOG = (("<?", "?>"), ("<!--", "-->"))


def parse_document(text: str) -> etree._Element:
    """The root of a document without declaration; raises `MetadataRefusedError`."""
    _refuse_dangerous(text)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        strip_cdata=False,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError, ValueError) as error:
        raise MetadataRefusedError(_UNREADABLE) from error


def _refuse_dangerous(text: str) -> None:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise MetadataRefusedError("The XMP metadata has entities, which are never read.")
    if len(text) <= min(_MAX_TAGS, _MAX_ATTRIBUTES):
        return
    if text.count("<") > _MAX_TAGS or text.count("=") > _MAX_ATTRIBUTES:
        raise MetadataRefusedError("The XMP metadata is larger than any program writes.")
