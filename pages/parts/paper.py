"""A paper to print and sign, described once and set three times: as HTML and PDF here, as DOCX in paper_docx; the only door to typst.

A text from outside is text in all three: never markup, and its invisible signs that turn the reading
direction are shown instead of obeyed.
"""

import json
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from data.words import Words
from loaders.confined import confined

HERE = Path(__file__).resolve().parent
MOST_SECONDS = 60.0
FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "SimSun",
    "SimHei",
)
_CHINESE = re.compile(r"CJK|Source Han|WenQuanYi|YaHei|PingFang|Hei|Song|SimSun|Kai|Fang|Ming|Sung|[\u4e00-\u9fff]", re.IGNORECASE)
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNBROKEN = re.compile(r"[^\s\u200b\u3000-\u9fff\uff00-\uffef]{28,}")


class Facts(NamedTuple):
    """Lines of what is said and its value; `leads` names for each the heading to which it leads on a screen."""

    heading: str
    lines: Sequence[tuple[str, str]]
    leads: Sequence[str] = ()
    kind: str = "facts"


class Table(NamedTuple):
    """A table; `numbers` are the places of the columns set to the right, `whole` a last line of sums."""

    heading: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    numbers: Sequence[int] = ()
    whole: Sequence[str] = ()
    kind: str = "table"


class Note(NamedTuple):
    """A paragraph."""

    words: str
    kind: str = "note"


class Picture(NamedTuple):
    """A drawing as SVG of our own making, its texts escaped; `alt` says in words what it shows."""

    heading: str
    svg: str
    alt: str
    kind: str = "picture"


class Signatures(NamedTuple):
    """A line to sign for each role, and one for the date."""

    roles: Sequence[str]
    date: str
    kind: str = "signatures"


class Paper(NamedTuple):
    """All that a paper says: `mark` is printed large across it, `foot` under each page."""

    title: str
    under: Sequence[str]
    blocks: Sequence[Facts | Table | Note | Picture | Signatures]
    foot: str
    mark: str = ""


class PaperError(Exception):
    """The paper cannot be set as PDF on this machine; `code` names the sentence in words.csv."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def shown(text: Any) -> str:
    """A text as it may stand on paper: unfit signs left out, turning ones shown by their number."""
    bare = _UNFIT.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return _TURNING.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", bare)


def plain(value: Any) -> Any:
    """A block or a part of it as JSON holds it, every text made fit for paper."""
    if hasattr(value, "_asdict"):
        return {name: plain(part) for name, part in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value if isinstance(value, int) else shown(value)


def has_font() -> bool:
    """Whether the machine has a font for Chinese, without which there is no PDF."""
    import typst  # noqa: PLC0415 - half a second and 80 MB that only a PDF needs

    return any(_CHINESE.search(family) for family in typst.Fonts().families())


def as_pdf(paper: Paper, say: Words) -> bytes:
    """The paper as PDF on A4, the same bytes for the same paper.

    PaperError where no Chinese font is installed or the setting fails. It is set in a process of its
    own, because typst keeps 100 MB for ever.
    """
    region = "cn" if say.language == "zh" else "us"
    found = confined(typeset, _breakable(plain(paper)) | {"fonts": FONTS, "lang": say.language, "region": region}, seconds=MOST_SECONDS)
    if not found:
        raise PaperError("paper.no_pdf" if found is None else "paper.no_font")
    return found


def typeset(told: dict[str, Any]) -> bytes:
    """The PDF of a paper told in plain values; empty where no Chinese font is installed."""
    import typst  # noqa: PLC0415 - half a second and 80 MB that only a PDF needs

    if not has_font():
        return b""
    return typst.compile((HERE / "paper.typ").read_bytes(), sys_inputs={"paper": json.dumps(told)})


def as_png(svg: str) -> bytes | None:
    """A drawing as PNG, for programs that take no SVG; None where this machine cannot draw it."""
    return confined(rendered, svg, seconds=MOST_SECONDS) or None


def rendered(svg: str) -> bytes:
    """The PNG of a drawing, as wide as a page's text."""
    import typst  # noqa: PLC0415 - half a second and 80 MB that only a picture needs

    page = b'#set page(width: 174mm, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    return typst.compile(page, format="png", ppi=200.0, sys_inputs={"svg": svg})


def _breakable(value: Any) -> Any:
    """The same with places where a long run of signs may be broken over lines."""
    if isinstance(value, dict):
        return {name: part if name in ("kind", "svg") else _breakable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_breakable(part) for part in value]
    return value if isinstance(value, int) else _UNBROKEN.sub(lambda run: "\u200b".join(re.findall(".{1,8}", run[0], re.DOTALL)), value)


def as_html(paper: Paper, say: Words) -> str:
    """The paper as one HTML file without scripts or outside parts, laid out for the printer."""
    told = plain(paper)
    mark = escape(told["mark"])
    mark = mark and f'<p class="mark">{mark}</p><div class="stamp" aria-hidden="true">{mark}</div>'
    under = "".join(f'<p class="under">{escape(line)}</p>' for line in told["under"])
    places = {block["heading"]: f"part-{number}" for number, block in enumerate(told["blocks"]) if block.get("heading")}
    blocks = "".join(_HTML[block["kind"]](block | {"places": places}) for block in told["blocks"])
    return (
        f'<!doctype html><html lang="{"zh-CN" if say.language == "zh" else "en"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(told['title'])}</title><style>{(HERE / 'paper.css').read_text(encoding='utf-8')}</style></head><body>"
        f'{mark}<h1>{escape(told["title"])}</h1>{under}{blocks}<p class="foot">{escape(told["foot"])}</p></body></html>'
    )


def _heading(block: dict[str, Any]) -> str:
    heading = block["heading"]
    return f'<h2 id="{block["places"][heading]}">{escape(heading)}</h2>' if heading else ""


def _html_facts(block: dict[str, Any]) -> str:
    def name_of(place: int, name: str) -> str:
        lead = block["places"].get(block["leads"][place]) if place < len(block["leads"]) else None
        return f'<a href="#{lead}">{escape(name)}</a>' if lead else escape(name)

    lines = (f"<dt>{name_of(place, name)}</dt><dd>{escape(value)}</dd>" for place, (name, value) in enumerate(block["lines"]))
    return f"{_heading(block)}<dl>{''.join(lines)}</dl>"


def _html_table(block: dict[str, Any]) -> str:
    def line(cells: Sequence[str], tag: str, kind: str = "") -> str:
        found = (f"<{tag}{' class=n' if place in block['numbers'] else ''}>{escape(cell)}</{tag}>" for place, cell in enumerate(cells))
        return f"<tr{kind}>{''.join(found)}</tr>"

    whole = line(block["whole"], "td", " class=whole") if block["whole"] else ""
    widths = "".join(f'<col style="width:{100 * width / sum(block["widths"]):.1f}%">' for width in block["widths"])
    rows = "".join(line(row, "td") for row in block["rows"])
    head = f"<colgroup>{widths}</colgroup><thead>{line(block['heads'], 'th')}</thead>"
    return _heading(block) + f'<div class="scroll"><table>{head}<tbody>{rows}{whole}</tbody></table></div>'


def _html_signatures(block: dict[str, Any]) -> str:
    date = f"<p>{escape(block['date'])}</p>"
    return f'<div class="signatures">{"".join(f"<div><p>{escape(role)}</p>{date}</div>" for role in block["roles"])}</div>'


def _html_picture(block: dict[str, Any]) -> str:
    return f'{_heading(block)}<figure aria-label="{escape(block["alt"])}">{block["svg"]}</figure>'


_HTML = {
    "picture": _html_picture,
    "facts": _html_facts,
    "table": _html_table,
    "note": lambda block: f"<p>{escape(block['words'])}</p>",
    "signatures": _html_signatures,
}
