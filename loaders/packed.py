"""A table of rows held packed, as Arrow's own stream, a large one on the disk: it takes little memory and is read as often as needed."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from io import RawIOBase
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import IO, Any

import pyarrow as pa
from pyarrow import ipc

AT_ONCE = 2**16
# Beyond so many bytes the rows lie in a file without a name, which goes when nobody looks at them any longer.
MOST_IN_MEMORY = 8 * 2**20


class Packed:
    """The rows of a table, packed; their order and types are kept. OSError where there is no room for them on the disk."""

    def __init__(self, table: pa.Table) -> None:
        """Pack a table; it is not needed afterwards."""
        self.num_rows = table.num_rows

        def write(file: IO[bytes]) -> None:
            with ipc.new_stream(file, table.schema, options=ipc.IpcWriteOptions(compression="lz4")) as stream:
                stream.write_table(table, max_chunksize=AT_ONCE)

        self._hold(write)

    def _hold(self, write: Callable[[IO[bytes]], Any]) -> None:
        self._turn, self._file = Lock(), SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 - closed when let go of
        try:
            write(self._file)
            self._file.flush()
        except BaseException:
            with suppress(OSError):
                self._file.close()
            raise

    def read_at(self, place: int, size: int) -> bytes:
        """So many of the packed bytes from a place on, fewer at the end; all from there on for -1."""
        with self._turn:
            self._file.seek(place)
            return self._file.read(size)

    def to_reader(self) -> pa.RecordBatchReader:
        """The rows, some at a time; several readers do not disturb each other."""
        return ipc.open_stream(_Window(self), memory_pool=pa.system_memory_pool())

    def __getstate__(self) -> tuple[int, bytes]:
        """What is handed to another process."""
        return self.num_rows, self.read_at(0, -1)

    def __setstate__(self, state: tuple[int, bytes]) -> None:
        """Hold what another process has handed over."""
        self.num_rows, content = state
        self._hold(lambda file: file.write(content))


class _Window(RawIOBase):
    """The packed bytes as one reader goes through them."""

    def __init__(self, packed: Packed) -> None:
        self._packed, self._place = packed, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found = self._packed.read_at(self._place, size)
        self._place += len(found)
        return found


def pieces(table: Packed | pa.Table) -> Iterator[pa.Table]:
    """The rows of a table, packed or not, some at a time."""
    for batch in table.to_reader():
        yield pa.Table.from_batches([batch])
