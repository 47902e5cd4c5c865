"""The sample months reckoned a second time by hand-typed figures and plain fractions, sharing no code with the product."""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
# Unit, project code, budget in yuan: typed from the document.
PROJECTS = """
323001 13020225P00781710002T 260000.00
323001 13020225P00783310001Y 35000.00
323001 13020225P00783410001L 50000.00
323001 13020225P00783510001A 20402200.00
323001 13020225P007836100010 73700.00
323001 13020225P007845100025 13193600.00
323001 13020225P00787410001H 200000.00
323003 13020225P00758210002R 200000.00
323003 13020225P007846100017 115200.00
323003 13020225P00787910001X 3930000.00
323003 13020225P00930410003L 680000.00
323005 13020225P000024100021 420000.00
323005 13020225P00755710004P 17000000.00
323005 13020225P00784410001U 1560000.00
323005 13020225P00784710001W 900000.00
323005 13020225P00784810001J 25000000.00
"""
# Due at the end of each month, and where the straight line then stands, in hundredths of the budget.
DUE = {1: 0, 2: 0, 3: 25, 4: 25, 5: 25, 6: 50, 7: 50, 8: 50, 9: 50, 10: 75, 11: 75, 12: 100}
LINE = {
    1: Fraction(25, 3),
    2: Fraction(50, 3),
    3: 25,
    4: Fraction(100, 3),
    5: Fraction(125, 3),
    6: 50,
    7: Fraction(225, 4),
    8: Fraction(125, 2),
    9: Fraction(275, 4),
    10: 75,
    11: Fraction(175, 2),
    12: 100,
}
# The next checkpoint after each month and what is due there.
NEXT = {1: (3, 25), 2: (3, 25), **dict.fromkeys((3, 4, 5), (6, 50)), **dict.fromkeys((6, 7, 8, 9), (10, 75)), 10: (12, 100), 11: (12, 100)}


def rounded(number, places):
    """The number as a Decimal of so many places, half away from zero; None stays None."""
    if number is None:
        return None
    scaled = abs(Fraction(number)) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if number >= 0 else -whole).scaleb(-places)


def reported_rows(folder=SAMPLES):
    """(project, month) to the list of (kind, amount) that the sample files say."""
    said = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                assert row["金额单位"] == "元"
                month = int(row["月份"].split("-")[1])
                said.setdefault((row["项目编码"], month), []).append((row["口径"], Fraction(Decimal(row["支出金额"]))))
    return said


def running(said, code):
    """The project's total at each month's end (None before the first report), and each month reported with the months it covers."""
    totals, months, total = {0: None}, {}, None
    for month in range(1, 13):
        lines = said.get((code, month))
        if lines:
            amount = sum(value for _, value in lines)
            cumulative = {kind for kind, _ in lines} == {"累计"}
            total = amount if cumulative else (total or 0) + amount
            months[month] = month - max(months, default=0) if cumulative else 1
        totals[month] = total
    return totals, months


def status_of(budget, spent, due, is_reported):
    """The band of a project that has a plan."""
    if budget <= 0:
        return "no_basis"
    if not is_reported:
        return "not_reported"
    if spent > budget:
        return "overspent"
    if due == 0:
        return "not_due"
    for status, part in (("met", 1), ("slightly_behind", Fraction(4, 5)), ("behind", Fraction(3, 5))):
        if spent >= part * due:
            return status
    return "far_behind"


def project_row(said, unit, code, budget, month):
    """Everything that is to be compared of one project at one month's end, rounded as shown."""
    totals, months = running(said, code)
    spent, due, line = totals[month], budget * DUE[month] / 100, budget * LINE[month] / 100
    status = status_of(budget, spent, due, month in months)
    judged = status not in ("no_basis", "not_reported")
    recent = [m for m in months if month - 3 < m <= month]
    mean = sum(totals[m] - (totals[m - 1] or 0) for m in recent) / sum(months[m] for m in recent) if recent else None
    needed = pressed = None
    if month in NEXT and spent is not None:
        to_month, to_share = NEXT[month]
        needed = max(budget * to_share / 100 - spent, Fraction(0))
        pressed = recent and needed / (to_month - month) > 2 * max(mean, 0)
    return {
        "unit_code": unit,
        "project_code": code,
        "original_budget": rounded(budget, 2),
        "current_budget": rounded(budget, 2),
        "spent": rounded(spent, 2),
        "reported": month in months,
        "last_reported": max((m for m in months if m <= month), default=None),
        "spent_share": rounded(spent / budget if spent is not None else None, 4),
        "due_share": rounded(Fraction(DUE[month], 100), 4),
        "expected_share": rounded(Fraction(LINE[month]) / 100, 4),
        "calendar_share": rounded(Fraction(month, 12), 4),
        "due_amount": rounded(due, 2),
        "expected_amount": rounded(line, 2),
        "completion": rounded(spent / due if judged and due else None, 4),
        "gap_share": rounded((spent - due) / budget if judged else None, 4),
        "gap_amount": rounded(spent - due if judged else None, 2),
        "needed_to_next": rounded(needed, 2),
        "recent_monthly": rounded(mean, 2),
        "status": status,
        "at_risk": status == "met" and bool(spent < Fraction(4, 5) * line or pressed),
    }


def progress(month, folder=SAMPLES):
    """One row per project at a month's end, by unit and code."""
    said = reported_rows(folder)
    typed = (line.split() for line in PROJECTS.split("\n") if line)
    return [project_row(said, unit, code, Fraction(Decimal(budget)), month) for unit, code, budget in typed]


def added(rows, name):
    """The sum of a column over the rows that have a value; None where none has."""
    values = [row[name] for row in rows if row[name] is not None]
    return sum(values) if values else None


def summary_row(rows, unit):
    """What the rows of one unit, or of all for None, come to."""
    judged = [row for row in rows if row["status"] not in ("no_basis", "not_reported")]
    reported = [row for row in rows if row["reported"]]
    budget, judged_budget = added(rows, "current_budget"), added(judged, "current_budget")
    return {
        "unit_code": unit,
        "projects": len(rows),
        "reported": len(reported),
        "budget": budget,
        "reported_budget": added(reported, "current_budget") or Decimal("0.00"),
        "coverage": rounded(Fraction(added(reported, "current_budget") or 0) / Fraction(budget), 4),
        "due_amount": added(rows, "due_amount"),
        "expected_amount": added(rows, "expected_amount"),
        "spent": added(rows, "spent"),
        "judged_due": added(judged, "due_amount"),
        "judged_spent": added(judged, "spent"),
        "judged_budget": judged_budget,
        "gap_amount": added(rows, "gap_amount"),
        "spent_share": rounded(Fraction(added(judged, "spent")) / Fraction(judged_budget) if judged else None, 4),
        "due_share": rounded(Fraction(added(rows, "due_amount")) / Fraction(budget), 4),
        "judged_due_share": rounded(Fraction(added(judged, "due_amount")) / Fraction(judged_budget) if judged else None, 4),
        "needed_to_next": added(rows, "needed_to_next"),
        "recent_monthly": added(rows, "recent_monthly"),
        "lagging": sum(row["status"] in ("behind", "far_behind") for row in rows),
        "at_risk": sum(row["at_risk"] for row in rows),
    }


def summary(month, folder=SAMPLES):
    """The whole first, then one row a unit."""
    rows = progress(month, folder)
    units = sorted({row["unit_code"] for row in rows})
    return [summary_row(rows, None), *(summary_row([row for row in rows if row["unit_code"] == unit], unit) for unit in units)]
