"""Rows become figures; the only door to plotly."""

import pickle
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from data.words import Words
from pages.parts import drawing, figures

BLUE, PLAN, SOFT = "#2f74c0", "#7b8794", "#a3acb7"
RESTATED = "#b06f00"
RIGHT_EDGE, LABEL_BEGINS, LEAST_ROOM = 12.9, 6, Decimal("0.12")
CONFIG = {"displayModeBar": False, "scrollZoom": False}
# Drawing one takes longer than all the rest of a page that was asked for before; each is some ten kilobytes.
MOST_DRAWN = 200


def _drawn(amount: Decimal | None) -> float | None:
    """An amount as the height of a mark in 万元; floats serve the drawing only."""
    return None if amount is None else float(amount / figures.WAN)


def curve(rows: Sequence[dict[str, Any]], say: Words, until: int, height: int, ahead: Sequence[dict[str, Any]] = ()) -> go.Figure:
    """Plan as steps and straight line with labelled checkpoints, paid as a thick line until a month, then the range ahead.

    `rows` are the twelve months of queries.curve. A month that not every project reported has a
    hollow mark and breaks the line; one whose figure was `restated` (said in that sentence) is ringed.
    `ahead` are points of the range: month, low, middle, high; the first is the present.
    The figure is shared by all who ask for the same one, and not to be changed.
    """
    return _curve(pickle.dumps((rows, say.language, until, height, ahead)))


@lru_cache(MOST_DRAWN)
def _curve(told: bytes) -> go.Figure:
    """The figure of what was told, packed so that it can be looked for."""
    rows, language, until, height, ahead = pickle.loads(told)
    say, figure = Words(language), go.Figure()
    if len(ahead) > 1:
        _draw_ahead(figure, ahead, _below(rows, until), say)
    planned = [row for row in rows if row["due_amount"] is not None]
    if planned:
        _draw_plan(figure, planned, say)
    paid = [row for row in rows if row["month"] <= until]
    whole = [row["reported"] == row["projects"] for row in paid]
    figure.add_scatter(
        x=[row["month"] for row in paid],
        y=[_drawn(row["spent"]) if full else None for row, full in zip(paid, whole, strict=True)],
        mode="lines+markers",
        line={"color": BLUE, "width": 3.5},
        marker={"size": 6},
        connectgaps=False,
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[say("chart.hover", month=figures.month_short(row["month"], say), paid=figures.wan(row["spent"])) for row in paid],
    )
    part = [row for row, full in zip(paid, whole, strict=True) if not full and row["spent"] is not None and row["reported"]]
    figure.add_scatter(
        x=[row["month"] for row in part],
        y=[_drawn(row["spent"]) for row in part],
        mode="markers+text",
        text=[say("chart.partial")] * len(part),
        textposition="top center",
        textfont={"size": 10},
        marker={"size": 8, "color": "rgba(0,0,0,0)", "line": {"color": BLUE, "width": 2}},
        hoverinfo="skip",
    )
    _draw_restated(figure, [row for row in paid if row.get("restated")], say)
    last = next((row for row, full in zip(reversed(paid), reversed(whole), strict=True) if full), None)
    if last:
        figure.add_annotation(
            x=last["month"],
            y=_drawn(last["spent"]),
            text=f"<b>{say('chart.paid')} {figures.wan(last['spent'])}</b>",
            font={"color": BLUE, "size": 13},
            showarrow=False,
            xanchor="left",
            yanchor="top",
            xshift=6,
            yshift=-4,
        )
    _set_axes(figure, say, height)
    return figure


def enlarged(figure: go.Figure, factor: float) -> go.Figure:
    """A figure like this with letters, lines and marks larger by a factor, to be read from afar; its height is left to its place."""
    figure = go.Figure(figure)
    figure.update_layout(height=None, margin={"t": 18 * factor, "r": 12 * factor})
    figure.for_each_xaxis(lambda axis: axis.update(tickfont={"size": axis.tickfont.size * factor}))
    figure.for_each_yaxis(lambda axis: axis.update(tickfont={"size": axis.tickfont.size * factor}))
    for note in figure.layout.annotations:
        note.update(font={"size": note.font.size * factor}, xshift=(note.xshift or 0) * factor, yshift=(note.yshift or 0) * factor)
    for trace in figure.data:
        if trace.line.width:
            trace.line.width *= factor
        if trace.marker.size:
            trace.marker.size *= factor
        if trace.textfont.size:
            trace.textfont.size *= factor
    return figure


def _draw_restated(figure: go.Figure, rows: Sequence[dict[str, Any]], say: Words) -> None:
    """A ring around each month that was reported otherwise at first, its sentence on hovering."""
    if not rows:
        return
    figure.add_scatter(
        x=[row["month"] for row in rows],
        y=[_drawn(row["spent"]) for row in rows],
        mode="markers+text",
        text=[say("chart.restated")] * len(rows),
        textposition="top left",
        textfont={"size": 10},
        cliponaxis=False,
        marker={"size": 14, "color": "rgba(0,0,0,0)", "line": {"color": RESTATED, "width": 2}},
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[row["restated"] for row in rows],
    )


def _below(rows: Sequence[dict[str, Any]], until: int) -> Decimal | None:
    """What was paid when a label that ends at the right edge begins on a phone: beneath it the label crosses no line; None where
    that is too low for a label."""
    paid = next((row["spent"] for row in reversed(rows) if row["month"] <= min(until, LABEL_BEGINS) and row["spent"] is not None), None)
    highest = max((row["due_amount"] for row in rows if row["due_amount"] is not None), default=Decimal(0))
    return paid if paid is not None and paid > highest * LEAST_ROOM else None


def _draw_ahead(figure: go.Figure, ahead: Sequence[dict[str, Any]], below: Decimal | None, say: Words) -> None:
    """The range of what may still come as a band with its middle, its end labelled beneath what was paid."""
    months = [point["month"] for point in ahead]
    figure.add_scatter(
        x=[*months, *reversed(months)],
        y=[*(_drawn(point["high"]) for point in ahead), *(_drawn(point["low"]) for point in reversed(ahead))],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor="rgba(47, 116, 192, 0.16)",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=months,
        y=[_drawn(point["middle"]) for point in ahead],
        mode="lines",
        line={"color": BLUE, "width": 1.5, "dash": "dash"},
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[
            say(
                "chart.ahead_hover",
                month=figures.month_short(point["month"], say),
                low=figures.wan(point["low"]),
                high=figures.wan(point["high"]),
            )
            for point in ahead
        ],
    )
    last = ahead[-1]
    figure.add_annotation(
        x=RIGHT_EDGE,
        y=0 if below is None else _drawn(below),
        text=say("chart.ahead", low=figures.wan(last["low"]), high=figures.wan(last["high"])),
        showarrow=False,
        xanchor="right",
        yanchor="bottom" if below is None else "top",
        yshift=2 if below is None else -6,
        font={"size": 11, "color": BLUE},
    )


def _draw_plan(figure: go.Figure, planned: Sequence[dict[str, Any]], say: Words) -> None:
    figure.add_scatter(
        x=[0, *(row["month"] for row in planned)],
        y=[0, *(_drawn(row["due_amount"]) for row in planned)],
        mode="lines",
        line={"color": PLAN, "width": 2, "shape": "hv"},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[0, *(row["month"] for row in planned)],
        y=[0, *(_drawn(row["expected_amount"]) for row in planned)],
        mode="lines",
        line={"color": SOFT, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    marks = [row for row in planned if row["is_checkpoint"]]
    labelled = drawing.labelled(marks)
    shares = [figures.points(row["due_amount"] / row["budget"]) if row["budget"] else "" for row in marks]
    figure.add_scatter(
        x=[row["month"] for row in marks],
        y=[_drawn(row["due_amount"]) for row in marks],
        mode="markers+text",
        text=[
            f"{share.removesuffix('.0')}%  {figures.wan(row['due_amount'])}" if row["month"] in labelled else ""
            for row, share in zip(marks, shares, strict=True)
        ],
        textposition="top left",
        textfont={"size": 11},
        marker={"color": PLAN, "size": 8, "symbol": "diamond"},
        hoverinfo="skip",
        cliponaxis=False,
    )
    beside = planned[min(7, len(planned) - 1)]
    figure.add_annotation(
        x=beside["month"],
        y=_drawn(beside["expected_amount"]),
        text=say("chart.line"),
        showarrow=False,
        xanchor="right",
        yanchor="bottom",
        font={"size": 10, "color": PLAN},
    )


def _set_axes(figure: go.Figure, say: Words, height: int) -> None:
    figure.update_layout(height=height, margin={"l": 4, "r": 12, "t": 18, "b": 4}, showlegend=False, hovermode="closest", dragmode=False)
    figure.update_xaxes(
        tickvals=list(range(1, 13)),
        ticktext=[say("month.tick", month=str(month), name=figures.month_short(month, say)) for month in range(1, 13)],
        range=[-0.1, RIGHT_EDGE],
        showgrid=False,
        fixedrange=True,
        tickangle=0,
        tickfont={"size": 11},
    )
    figure.update_yaxes(rangemode="tozero", tickformat=",.0f", nticks=5, fixedrange=True, tickfont={"size": 11}, automargin=True)
