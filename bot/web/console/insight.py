"""What people asked, as tables with small numbers hidden, on the page and as CSV; and the need map of the councils."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import web

from bot.console.figures_file import shown_cell, write_crossing, write_needs
from bot.console.insight import MEASURES, OTHER, SIDES, Crossing, counted, cross
from bot.console.texts import text
from bot.core.clock import today
from bot.insight.periods import Period, Week, find_period, recent_periods
from bot.insight.suppression import LIMIT
from bot.insight.tally import Tally, read_tallies
from bot.web.console.page import get
from bot.web.console.visit import Visit

QUARTERS = 5  # that may be chosen: the running one and a year
AREA, TOPIC, WEEK = "area", "topic", "week"
USUAL = {"measure": "questions", "rows": TOPIC, "columns": "language"}
MOST_NAMED = 5  # topics named for a council


@dataclass(frozen=True)
class View:
    """What somebody wants to see."""

    measure: str
    rows: str
    columns: str
    period: Period
    periods: list[Period]
    weeks: list[Week]

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return f"measure={self.measure}&rows={self.rows}&columns={self.columns}&period={self.period.id}"


async def get_insight(visit: Visit) -> web.StreamResponse:
    """GET /console/insight: `?measure&rows&columns&period`; what is unknown or does not fit becomes the usual."""
    view = _view(visit)
    tallies = await _tallies(visit, view)
    crossing = await asyncio.to_thread(cross, tallies, view.rows, view.columns)
    by_week = await asyncio.to_thread(cross, tallies, WEEK, "outcome")
    return visit.render(
        view=view,
        crossing=crossing,
        by_week=by_week,
        weeks={line.id: (line, cells) for line, cells in zip(by_week.rows, by_week.cells, strict=True)},
        sides=list(SIDES),
        measures=list(MEASURES),
        limit=LIMIT,
        shown=shown_cell,
        most=_largest(crossing),
        most_in_week=_largest(by_week),
    )


async def get_insight_file(visit: Visit) -> web.StreamResponse:
    """GET /console/insight.csv: the same table."""
    view = _view(visit)
    crossing = await asyncio.to_thread(cross, await _tallies(visit, view), view.rows, view.columns)
    body = write_crossing(crossing, text(f"side.{view.rows}"))
    return await _file(visit, body, f"{view.measure}-{view.rows}-{view.columns}-{view.period.id}")


async def get_needs(visit: Visit) -> web.StreamResponse:
    """GET /console/needs: councils, how much was asked in each, and what most. `?period`, one that has ended."""
    view, crossing = await _needs(visit)
    asked_most = {
        council.id: sorted(
            (
                (cell.value, topic.name)
                for topic, cell in zip(crossing.columns, cells, strict=True)
                if cell.value is not None
            ),
            reverse=True,
        )[:MOST_NAMED]
        for council, cells in zip(crossing.rows, crossing.cells, strict=True)
    }
    return visit.render(
        view=view, crossing=crossing, asked_most=asked_most, limit=LIMIT, shown=shown_cell, most=_largest(crossing)
    )


async def get_needs_file(visit: Visit) -> web.StreamResponse:
    """GET /console/needs.csv: the same, with every number that is shown."""
    view, crossing = await _needs(visit)
    return await _file(visit, write_needs(crossing), f"needs-{view.period.id}")


async def _needs(visit: Visit) -> tuple[View, Crossing]:
    view = _view(visit, has_ended=True, measure="questions", rows=AREA, columns=TOPIC)
    crossing = await asyncio.to_thread(cross, await _tallies(visit, view), view.rows, view.columns)
    known = [at for at, council in enumerate(crossing.rows) if council.id != OTHER]
    rows, cells = tuple(crossing.rows[at] for at in known), tuple(crossing.cells[at] for at in known)
    return view, Crossing(rows, crossing.columns, cells, crossing.total)


def _view(visit: Visit, *, has_ended: bool = False, **fixed: str) -> View:
    asked = {**{name: visit.request.query.get(name, "") for name in USUAL}, **fixed}
    measure = asked["measure"] if asked["measure"] in MEASURES else USUAL["measure"]
    rows, columns = (asked[name] if asked[name] in SIDES else USUAL[name] for name in ("rows", "columns"))
    if rows == columns:
        columns = USUAL["rows"] if rows != USUAL["rows"] else USUAL["columns"]
    periods = recent_periods(today(), QUARTERS)
    if has_ended:  # what is published of the running one would be published again with another week in it
        periods = [period for period in periods if period.last < today()]
    wanted = find_period(visit.request.query.get("period", ""))
    period = wanted if wanted in periods else periods[0]
    return View(measure, rows, columns, period, periods, period.weeks(today()))


async def _tallies(visit: Visit, view: View) -> list[Tally]:
    first, last = view.weeks[0].first, view.weeks[-1].last
    tallies = await visit.run(lambda connection: read_tallies(connection, MEASURES[view.measure], first, last))
    return counted(tallies, view.weeks)


def _largest(crossing: Crossing) -> int:
    """Return what the longest bar stands for."""
    return max((line.total.value for line in crossing.rows if line.total.value is not None), default=1)


async def _file(visit: Visit, body: bytes, name: str) -> web.Response:
    await visit.run(lambda connection: visit.record(connection, "figures_taken", object=f"figures:{name}"))
    return web.Response(
        body=body,
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


PAGES = (
    get("/insight", get_insight, action="see_insight", template="insight.html", menu="insight"),
    get("/insight.csv", get_insight_file, action="see_insight"),
    get("/needs", get_needs, action="see_insight", template="needs.html", menu="needs"),
    get("/needs.csv", get_needs_file, action="see_insight"),
)
