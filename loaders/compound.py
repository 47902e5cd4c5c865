"""Files of old Office programs (OLE), looked into before a library follows their chains of sectors."""

import struct
from array import array
from collections.abc import Iterator

from loaders.problems import LoadError

HEADER, ENTRY = 512, 128
MINI_SECTOR, CUTOFF = 64, 4096
SHIFTS = (9, 12)
_FREE, _LAST = 0xFFFFFFFF, 0xFFFFFFFA
_IN_HEADER = 109
_STREAM, _ROOT = 2, 5
_NEW, _ON_THE_WAY, _ENDS = range(3)


class Compound:
    """An OLE file whose every chain of sectors ends; its streams by name."""

    def __init__(self, content: bytes) -> None:
        """Read the tables of sectors and the streams; LoadError F05 where a chain runs in a circle or leaves the file."""
        self._content = content
        if len(content) < HEADER:
            raise _damaged()
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        fats, folder, _, cutoff, mini, minis, more, mores = struct.unpack_from("<IIIIIIII", content, 44)
        self._size = 1 << shift if shift in SHIFTS else len(content)
        sectors = len(content) // self._size
        if shift not in SHIFTS or 1 << mini_shift != MINI_SECTOR or cutoff != CUTOFF or max(fats, minis, mores) > sectors:
            raise _damaged()
        self._table = self._fat(fats, more, sectors)
        folders = self._read(folder)
        self._mini_table = _ending(self._read(mini)) if minis else array("I")
        entries = [folders[place : place + ENTRY] for place in range(0, len(folders) - ENTRY + 1, ENTRY)]
        root = next((entry for entry in entries if entry[66] == _ROOT), None)
        self._mini_stream = self._read(struct.unpack_from("<I", root, 116)[0]) if root else b""
        self.streams = dict(self._stream(entry) for entry in entries if entry[66] == _STREAM)

    def _fat(self, count: int, more: int, sectors: int) -> array:
        """The table of which sector follows which."""
        places = [*struct.unpack_from(f"<{_IN_HEADER}I", self._content, HEADER - 4 * _IN_HEADER)]
        for _ in range(sectors):
            if more >= _LAST:
                break
            *found, more = _numbers(self._sector(more))
            places += found
        used = [place for place in places if place != _FREE][:count]
        return _ending(b"".join(self._sector(place) for place in used))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if number >= _LAST or start >= len(self._content):
            raise _damaged()
        return self._content[start : start + self._size]

    def _read(self, number: int) -> bytes:
        """The sectors of a chain."""
        return b"".join(self._sector(place) for place in _chain(number, self._table))

    def _stream(self, entry: bytes) -> tuple[str, bytes]:
        """The name and content of a stream's entry."""
        name_size, start, size = *struct.unpack_from("<H", entry, 64), *struct.unpack_from("<II", entry, 116)
        name = entry[: max(min(name_size, 64) - 2, 0)].decode("utf-16-le", "replace")
        if size >= CUTOFF:
            return name, self._read(start)[:size]
        places = _chain(start, self._mini_table) if size else ()
        return name, b"".join(self._mini_stream[place * MINI_SECTOR : (place + 1) * MINI_SECTOR] for place in places)[:size]


def _chain(number: int, table: array) -> Iterator[int]:
    """The numbers of a chain's sectors; the table has no circles."""
    while number < _LAST:
        if number >= len(table):
            raise _damaged()
        yield number
        number = table[number]


def _numbers(data: bytes) -> array:
    return array("I", data[: len(data) // 4 * 4])


def _ending(data: bytes) -> array:
    """A table of sectors; LoadError F05 where following it would never end."""
    table = _numbers(data)
    state = bytearray(len(table))
    for start in range(len(table)):
        place = start
        while place < len(table) and state[place] == _NEW:
            state[place] = _ON_THE_WAY
            place = table[place]
        if place < len(table) and state[place] == _ON_THE_WAY:
            raise _damaged()
        place = start
        while place < len(table) and state[place] == _ON_THE_WAY:
            state[place] = _ENDS
            place = table[place]
    return table


def _damaged() -> LoadError:
    return LoadError("F05", value="XLS", why="damaged")
