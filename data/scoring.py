"""The points of the self-evaluation form (财预〔2020〕10号): exact fractions, rounded once, to hundredths of a point."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

# What each part of the form is worth; the three of indicators are shared among a project's own.
MONEY = Decimal(10)
LEVELS = {"产出指标": Decimal(50), "效益指标": Decimal(30), "满意度指标": Decimal(10)}
# A qualitative grade and the band, in whole percent, within which its evaluator sets the score.
BANDS = {"met": (80, 100), "partly": (60, 80), "unmet": (0, 60)}
GRADES = ((90, "excellent"), (80, "good"), (60, "fair"), (0, "poor"))
HUNDREDTHS = Decimal("0.01")
_WHOLE, _NONE = Fraction(1), Fraction(0)


def is_reached(comparator: str, target: Decimal, value: Decimal) -> bool:
    """Whether a value does what the target asks, to the last digit; a rate and a count alike."""
    return {"≥": value >= target, ">": value > target, "≤": value <= target, "<": value < target, "=": value == target}[comparator]


def part_of(comparator: str, target: Decimal, value: Decimal) -> Fraction:
    """The part of its points that a value earns, from 0 to 1.

    At least: value ÷ target. At most: falling in a line from the target to nothing at twice the target. Exactly: the
    smaller of the two. Where the target is not above zero there is no such line, and only reaching it earns points.
    """
    if is_reached(comparator, target, value):
        return _WHOLE
    if target <= 0:
        return _NONE
    short = Fraction(value) / Fraction(target)
    earned = {"≥": short, ">": short, "≤": 2 - short, "<": 2 - short, "=": min(short, 2 - short)}[comparator]
    return max(_NONE, min(_WHOLE, earned))


def part_of_grade(grade: str, percent: Decimal) -> Fraction | None:
    """The part that a qualitative grade earns at the percent its evaluator set; None outside the band of the grade."""
    low, high = BANDS[grade]
    return Fraction(percent) / 100 if low <= percent <= high else None


def money_points(spent: Decimal | None, budget: Decimal | None) -> Decimal | None:
    """执行率 points: spent ÷ budget of the year × 10, from 0 to 10; None where either is unknown or the budget is none."""
    if spent is None or budget is None or budget <= 0:
        return None
    return rounded(max(_NONE, min(_WHOLE, Fraction(spent) / Fraction(budget))) * Fraction(MONEY))


def shared(points: Decimal, count: int) -> list[Decimal]:
    """Points shared evenly among so many indicators, to the hundredth; the first take what does not divide."""
    each, rest = divmod(int(points / HUNDREDTHS), count) if count else (0, 0)
    return [(each + (place < rest)) * HUNDREDTHS for place in range(count)]


def earned(points: Decimal, part: Fraction | None) -> Decimal | None:
    """The score of one indicator; None where what it reached is not known."""
    return None if part is None else rounded(Fraction(points) * part)


def total(scores: Sequence[Decimal | None]) -> Decimal | None:
    """The sum of a form's scores as they stand in it; None while one of them is missing."""
    return None if None in scores or not scores else sum(scores, Decimal(0))  # type: ignore[arg-type]


def grade(points: Decimal | None) -> str | None:
    """The grade of a total: excellent from 90, good from 80, fair from 60, poor below; None without a total."""
    return None if points is None else next(name for least, name in GRADES if points >= least)


def rounded(exact: Fraction) -> Decimal:
    """A fraction of at least zero as hundredths, halves upwards."""
    return (Decimal((exact * 200).__floor__() + 1) // 2 * HUNDREDTHS).quantize(HUNDREDTHS, ROUND_HALF_UP)
