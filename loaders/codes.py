"""Project codes: their usual form and the check character that closes them."""

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 21
_FORM = re.compile(r"(\d{6})(\d{2})[A-Z][0-9A-Z]{12}")
_ROUNDED = re.compile(r"[1-9]\d{14}0{4,}")
_SCIENTIFIC = re.compile(r"[0-9.]+E\+?\d+", re.IGNORECASE)


def check_character(code: str) -> str | None:
    """The character that must close a code with these first 20, or None if a sign is foreign.

    Formula: alphabet[(30 - sum of value(c_i) * 3**i) mod 31] over i = 0 ... 19; found by
    computation over the sixteen codes of the 2025 plan, all of which it closes.
    """
    if len(code) < LENGTH - 1 or any(sign not in ALPHABET for sign in code[: LENGTH - 1]):
        return None
    total = sum(ALPHABET.index(sign) * 3**place for place, sign in enumerate(code[: LENGTH - 1]))
    return ALPHABET[(30 - total) % 31]


def closes(code: str) -> bool:
    """Whether the code's last character is the one that its first 20 ask for."""
    return len(code) == LENGTH and check_character(code) == code[-1]


def year_of(code: str) -> int | None:
    """The fiscal year written into a code of the usual form, else None."""
    match = _FORM.match(code)
    return 2000 + int(match[2]) if match else None


def destroyed(code: str) -> bool:
    """Whether a spreadsheet turned the code into a number; `damage` says how."""
    return damage(code) is not None


def damage(code: str) -> str | None:
    """What a spreadsheet did to a code: `scientific` (1.30202E+20), `rounded` to 15 digits, `zeros` lost in front, or None.

    A lost zero is only said where the check character proves it.
    """
    if _SCIENTIFIC.fullmatch(code):
        return "scientific"
    if _ROUNDED.fullmatch(code):
        return "rounded"
    whole = code.zfill(LENGTH)
    return "zeros" if code != whole and _FORM.fullmatch(whole) and closes(whole) else None


def across_years(code: str) -> str | None:
    """What a code of the usual form shares with the same project's code in other years: all but year and check character."""
    return f"{code[:6]}{code[8:-1]}" if len(code) == LENGTH and _FORM.fullmatch(code) else None
