"""Small PDF files written by hand: ruled tables, text without rules, pictures, a locked one."""

from collections.abc import Sequence

A4 = (595, 842)
SIZE, PAD = 9, 3


class Sheet:
    """One page to draw on; y is counted from the top."""

    def __init__(self) -> None:
        """Begin with a blank page."""
        self.ink: list[str] = []

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a straight line."""
        self.ink.append(f"{x0} {A4[1] - y0} m {x1} {A4[1] - y1} l S")

    def text(self, x: float, y: float, text: str) -> None:
        """Write a line of text with its base at y; every sign is as wide as it is high."""
        self.ink.append(f"BT /F1 {SIZE} Tf {x} {A4[1] - y} Td <{text.encode('utf-16-be').hex()}> Tj ET")

    def table(self, rows: Sequence[Sequence[str]], edges: Sequence[float], top: float, closed: bool = True) -> float:
        """Draw rows between upright lines at the edges, texts broken at their cell's edge; the table's bottom.

        A None is a cell merged with the one on its left, `closed` whether the last row has its closing line.
        """
        y = top
        self.line(edges[0], y, edges[-1], y)
        for number, row in enumerate(rows):
            spans = [
                (place, next((n for n in range(place + 1, len(row)) if row[n] is not None), len(row)))
                for place, cell in enumerate(row)
                if cell is not None
            ]
            broken = [(start, end, _broken(row[start], edges[end] - edges[start])) for start, end in spans]
            bottom = y + max(len(lines) for _, _, lines in broken) * (SIZE + 2) + 2 * PAD
            for start, _, lines in broken:
                for place, line in enumerate(lines):
                    self.text(edges[start] + PAD, y + PAD + SIZE + place * (SIZE + 2), line)
                self.line(edges[start], y, edges[start], bottom)
            self.line(edges[-1], y, edges[-1], bottom)
            if closed or number < len(rows) - 1:
                self.line(edges[0], bottom, edges[-1], bottom)
            y = bottom
        return y


def _broken(text: str, width: float) -> list[str]:
    room = max(1, int((width - 2 * PAD) // SIZE))
    return [line[at : at + room] for line in text.split("\n") for at in range(0, max(1, len(line)), room)]


def pdf(sheets: Sequence[Sheet], locked: bool = False, picture: bool = False) -> bytes:
    """The pages as a file; `locked` asks for a password, `picture` puts a grey image on each page."""
    font = "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>"
    inner = (
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        "/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880"
        "/Descent -120/CapHeight 880/StemV 80>>>>"
    )
    image = "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n\x80\nendstream"
    parts = ["<</Type/Catalog/Pages 2 0 R>>", "", font, inner, image]
    kids = []
    for sheet in sheets:
        ink = "\n".join([*sheet.ink, *(["q 500 0 0 700 40 60 cm /I1 Do Q"] if picture else [])])
        parts.append(f"<</Length {len(ink)}>>stream\n{ink}\nendstream")
        kids.append(len(parts) + 1)
        parts.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {A4[0]} {A4[1]}]/Contents {len(parts)} 0 R"
            "/Resources<</Font<</F1 3 0 R>>/XObject<</I1 5 0 R>>>>>>"
        )
    parts[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>"
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{part}\nendobj\n".encode("latin-1")
    key = "00" * 32
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{key}>/U<{key}>/P -4>>/ID[<00><00>]" if locked else ""
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(parts) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R{lock}>>\nstartxref\n{len(content)}\n%%EOF"
    return content + end.encode()
