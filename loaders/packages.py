"""Zipped office files, looked into piece by piece: what is too large or not what it says is refused before it is unpacked."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Protocol

from loaders.limits import HIGHEST_RATIO, LARGEST_UNPACKED, MOST_MEMBERS, UNPACKED_UNASKED
from loaders.problems import LoadError

PIECE = 2**20
_PACKED_PIECE = 2**16
_LOCAL_HEADER = 30
_ENCRYPTED = 1
_XML = (".xml", ".rels", ".vml")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FOREIGN = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


class Watch(Protocol):
    """What looks at the pieces of a member as they go by."""

    def see(self, piece: bytes) -> None:
        """Look at the next piece; LoadError F05 where it goes too far."""

    def end(self) -> None:
        """Look at what is left over."""


class Package:
    """A zipped office file: its members by name, each readable in bounded pieces."""

    def __init__(self, content: bytes) -> None:
        """Look at the archive's own list of members; LoadError F05 where it is damaged, too large, locked or has macros."""
        self.content = content
        self._bytes = memoryview(content)
        try:
            entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
        except (zipfile.BadZipFile, ValueError, OverflowError, OSError, NotImplementedError) as error:
            raise LoadError("F05", value="ZIP", why="damaged") from error
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > MOST_MEMBERS or unpacked > min(LARGEST_UNPACKED, max(UNPACKED_UNASKED, HIGHEST_RATIO * len(content))):
            raise LoadError("F05", value="ZIP", why="large")
        self.members = {entry.filename: entry for entry in entries}
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise LoadError("F05", value="ZIP", why="password")
        if any(name.lower().endswith("vbaproject.bin") for name in self.members):
            raise LoadError("F05", value="VBA", why="macro")

    def pieces(self, name: str) -> Iterator[bytes]:
        """A member in pieces of bounded size; LoadError F05 where it is not what the archive says it is."""
        entry = self.members[name]
        offset = entry.header_offset + _LOCAL_HEADER
        start = offset + sum(int.from_bytes(self._bytes[place : place + 2], "little") for place in (offset - 4, offset - 2))
        packed = self._bytes[start : start + entry.compress_size]
        size = checksum = 0
        try:
            for piece in _inflated(packed) if entry.compress_type == zipfile.ZIP_DEFLATED else _stored(packed, entry):
                size += len(piece)
                checksum = zlib.crc32(piece, checksum)
                if size > entry.file_size:
                    break
                yield piece
        except zlib.error as error:
            raise LoadError("F05", value="ZIP", why="damaged") from error
        if (size, checksum) != (entry.file_size, entry.CRC):
            raise LoadError("F05", value="ZIP", why="damaged")

    def read(self, name: str) -> bytes:
        """A whole member, nothing of one that is too large for that; LoadError F05 where it declares its own entities."""
        content = b"".join(self.pieces(name)) if self.members[name].file_size <= UNPACKED_UNASKED else b""
        _refuse_entities(name, content)
        return content

    def inspect(self, watches: dict[str, Watch]) -> None:
        """Let every XML member go by once, watched where asked; LoadError F05 for one that declares its own entities."""
        for name in self.members:
            if name.lower().endswith(_XML):
                self._inspect(name, watches.get(name))

    def _inspect(self, name: str, watch: Watch | None) -> None:
        tail = b""
        for number, piece in enumerate(self.pieces(name)):
            _refuse_entities(name, tail + piece, is_start=number == 0)
            tail = piece[-16:]
            if watch:
                watch.see(piece)
        if watch:
            watch.end()


def _refuse_entities(name: str, text: bytes, is_start: bool = True) -> None:
    if _DOCTYPE.search(text) or (is_start and text.startswith(_FOREIGN)):
        raise LoadError("F05", value=name[-60:], why="doctype")


def _inflated(packed: memoryview) -> Iterator[bytes]:
    """What deflated bytes hold, at most a piece at a time however much they would expand to."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for start in range(0, len(packed), _PACKED_PIECE):
        piece = stream.decompress(packed[start : start + _PACKED_PIECE], PIECE)
        while piece:
            yield piece
            piece = stream.decompress(stream.unconsumed_tail, PIECE)
    if not stream.eof:
        raise zlib.error("incomplete")


def _stored(packed: memoryview, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The pieces of a member that was only stored; LoadError F05 for a packing that no spreadsheet uses."""
    if entry.compress_type != zipfile.ZIP_STORED:
        raise LoadError("F05", value="ZIP", why="damaged")
    for start in range(0, len(packed), PIECE):
        yield bytes(packed[start : start + PIECE])
