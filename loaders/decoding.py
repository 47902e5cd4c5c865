"""The bytes of a text file become UTF-8, piece by piece, whatever encoding they came in."""

import codecs

from loaders.problems import LoadError, Problem

PIECE = 2**20
SAMPLE = 2**18
END_OF_FILE = b"\x1a"
_UTF_8 = b"\xef\xbb\xbf"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = bytes([*range(9), *range(14, 32)])


def decoded(content: bytes) -> tuple[bytes, list[Problem]]:
    """The text of a file in UTF-8 and a note where it was not plain UTF-8; LoadError F02 with the line."""
    if content.startswith(_UTF_16):
        data = _converted(content, "utf-16")
        _refuse_control(data)
        return data, [_note("UTF-16")]
    is_marked = content.startswith(_UTF_8)
    data = content.removeprefix(_UTF_8).removesuffix(END_OF_FILE)
    _refuse_control(data)
    fault = _fault(data)
    if fault is None:
        return data, []
    if is_marked or _mostly_utf8(data, fault):
        raise LoadError("F02", row=_line(data, fault))
    return _converted(data, "gb18030"), [_note("GB18030")]


def _refuse_control(data: bytes) -> None:
    """LoadError F02 where a byte stands that no text holds."""
    for start in range(0, len(data), PIECE):
        piece = data[start : start + PIECE]
        if len(piece.translate(None, _CONTROL)) != len(piece):
            place = next(place for place, sign in enumerate(piece) if sign in _CONTROL)
            raise LoadError("F02", row=_line(data, start + place), value=repr(piece[place : place + 1])[2:-1])


def _fault(data: bytes) -> int | None:
    """The place of the first byte that is not UTF-8, or None."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data) + 1, PIECE):
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + PIECE], final=start + PIECE > len(data))
        except UnicodeDecodeError as error:
            return start - waiting + error.start
    return None


def _mostly_utf8(data: bytes, fault: int) -> bool:
    """Whether there are more characters of UTF-8 than faults at the start and around the first: then it is damaged UTF-8."""
    around = max(0, fault - SAMPLE)
    sample = data[:SAMPLE] + data[max(around, SAMPLE) : fault + SAMPLE] if fault > SAMPLE else data[: fault + SAMPLE]
    text = sample.decode("utf-8", errors="replace")
    faults = text.count("\ufffd")
    return sum(1 for sign in text if "\u4e00" <= sign <= "\u9fff") > 2 * faults


def _converted(content: bytes, encoding: str) -> bytes:
    """The content in UTF-8; LoadError F02 with the line that is not in its encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    pieces = []
    for start in range(0, len(content) + 1, PIECE):
        try:
            text = decoder.decode(content[start : start + PIECE], final=start + PIECE > len(content))
            pieces.append(text.encode("utf-8"))
        except UnicodeError as error:
            raise LoadError("F02", row=1 + sum(piece.count(b"\n") for piece in pieces) + _lines_before(error)) from error
    return b"".join(pieces)


def _lines_before(error: UnicodeError) -> int:
    """The line ends in the piece before the fault."""
    if not isinstance(error, UnicodeDecodeError):
        return 0
    return error.object[: error.start].count(b"\n")


def _line(data: bytes, place: int) -> int:
    """The number of the line in which a byte stands."""
    before = data[:place]
    return max(before.count(b"\n"), before.count(b"\r")) + 1


def _note(name: str) -> Problem:
    return Problem("M02", value=name, facts={"why": "encoding"})
