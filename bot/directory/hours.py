"""Whether a service is open at a moment, from its schedules; what they do not say is `unknown`, never `closed`.

Not for words: what a state is called in a language is told elsewhere.

>>> weekdays = Schedule("1", freq="WEEKLY", byday="MO,TU,WE,TH,FR", opens_at="09:00", closes_at="17:00")
>>> state = open_state([weekdays], dt.datetime(2026, 11, 25, 10, tzinfo=dt.timezone.utc))
>>> state.kind, state.until.isoformat()
('open', '2026-11-25T17:00:00+00:00')
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from holidays import country_holidays

from bot.directory.areas import area_codes
from bot.directory.calendar_fields import DAY_MINUTES
from bot.directory.calendar_rules import Opening, read_opening
from bot.directory.models import Schedule, Service, ServiceAtLocation

Kind = Literal["open", "later_today", "opens", "closed", "check_first", "unknown"]
Reason = Literal["", "bank_holiday", "alert"]
Nation = Literal["ENG", "WLS", "SCT", "NIR"]

WINDOW_DAYS = 14
WEEK_DAYS = 7
MOST_ROWS = 100  # read of one service; with more it counts as partly unknown
NOT_RUNNING = ("temporarily closed", "inactive", "defunct")
NATIONS: dict[str, Nation] = {"E": "ENG", "W": "WLS", "S": "SCT", "N": "NIR"}
ORDER: tuple[Kind, ...] = ("open", "check_first", "unknown", "later_today", "opens", "closed")  # best known of places


@dataclass(frozen=True)
class OpenState:
    """How it stands at a moment. Moments are in Europe/London.

    `until`: when it closes; None when open day and night, or not open. `opens_at`: the next opening within 14 days,
    also where that is to be checked first (`check_first`) or not the whole truth (`unknown`). `check_first` without a
    reason: an exception is announced for the day and does not say what it is.
    """

    kind: Kind
    until: dt.datetime | None = None
    opens_at: dt.datetime | None = None
    reason: Reason = ""


class _Occurrence(NamedTuple):
    """One opening, in UTC: two moments of one zone with clock changes would be compared by their wall clocks."""

    start: dt.datetime
    end: dt.datetime
    doubt: Literal["", "bank_holiday", "exception"]
    is_last: bool  # all day, and no row says anything of the next one: midnight is not known to close it


def open_state(
    schedules: Iterable[Schedule], moment: dt.datetime, *, alert: str = "", nation: Nation = "ENG"
) -> OpenState:
    """Return the state of one set of schedules.

    Args:
        moment: with its zone; without one it is taken as Europe/London.
        alert: the service's own; any text means that the hours are to be checked first.
        nation: whose bank holidays count.
    """
    local = moment.astimezone(_london()) if moment.tzinfo else moment.replace(tzinfo=_london())
    state = _regular(list(schedules), local, nation)
    return replace(state, kind="check_first", reason="alert") if alert and alert.strip() else state


def service_state(service: Service, moment: dt.datetime, *, place: ServiceAtLocation | None = None) -> OpenState:
    """Return the state of a service, at one of its places or at whichever is best for the person.

    A place's own schedules override those of the service. Unknown hours of one place weigh more than closed doors at
    another. A service that is said not to be running is closed, without a next opening.
    """
    if service.status in NOT_RUNNING:
        return OpenState("closed")
    places = [place] if place else [at for at in service.service_at_locations if at.location.location_type != "postal"]
    hours = [at.schedules or at.location.schedules or service.schedules for at in places]
    nation = _nation(service, places)
    states = [
        open_state(schedules, moment, alert=service.alert, nation=nation) for schedules in hours or [service.schedules]
    ]
    return min(states, key=_rank)


@dataclass(frozen=True)
class DayHours:
    """The openings that begin on a day, each (opens, closes) in Europe/London; `is_doubtful`: call before going."""

    day: dt.date
    spans: tuple[tuple[dt.datetime, dt.datetime], ...]
    is_doubtful: bool = False


def coming_days(service: Service, today: dt.date, *, place: ServiceAtLocation | None = None) -> list[DayHours]:
    """Return the days of the week from `today` on for which hours are known; a day that is left out may be open too."""
    own = (place.schedules or place.location.schedules) if place else ()
    rows = (own or service.schedules)[:MOST_ROWS]
    last = today + dt.timedelta(days=WEEK_DAYS - 1)
    openings = [opening for row in rows if (opening := read_opening(row, today, last)) is not None]
    nation = _nation(service, [place] if place else service.service_at_locations)
    days: dict[dt.date, list[_Occurrence]] = {}
    for occurrence in _occurrences(openings, _special_days(openings, today), nation):
        days.setdefault(_to_london(occurrence.start).date(), []).append(occurrence)
    return [
        DayHours(
            day,
            tuple((_to_london(item.start), _to_london(item.end)) for item in items),
            any(item.doubt for item in items),
        )
        for day, items in sorted(days.items())
    ]


def _regular(schedules: Sequence[Schedule], local: dt.datetime, nation: Nation) -> OpenState:
    moment, today = local.astimezone(dt.timezone.utc), local.date()
    first, last = today - dt.timedelta(days=1), today + dt.timedelta(days=WINDOW_DAYS)  # last night may still run
    openings = [opening for row in schedules[:MOST_ROWS] if (opening := read_opening(row, first, last)) is not None]
    special = _special_days(openings, first)
    occurrences = _occurrences(openings, special, nation)
    sure = [occurrence for occurrence in occurrences if not occurrence.doubt]
    current = [occurrence for occurrence in occurrences if occurrence.start <= moment < occurrence.end]
    if current:
        horizon = _instant(last, DAY_MINUTES)
        usual = [occurrence for occurrence in occurrences if occurrence.doubt != "exception"]
        if _end(usual, moment)[0] >= horizon:  # day and night, bank holidays too
            return OpenState("open")
        if any(not occurrence.doubt for occurrence in current):
            return OpenState("open", until=_closing(sure, moment, horizon))
        return OpenState("check_first", until=_closing(occurrences, moment, horizon), reason=_reason(current[0]))
    coming = min(
        (occurrence for occurrence in occurrences if occurrence.start > moment),
        key=lambda occurrence: (occurrence.start, occurrence.doubt),
        default=None,
    )
    opens_at = _to_london(coming.start) if coming else None
    is_complete = len(openings) == len(schedules) and today not in special
    if not is_complete or not any(opening.covers(today) for opening in openings):
        return OpenState("unknown", opens_at=opens_at)
    if coming is None or opens_at is None:
        return OpenState("closed" if any(opening.covers(last) for opening in openings) else "unknown")
    if coming.doubt:
        return OpenState("check_first", opens_at=opens_at, reason=_reason(coming))
    return OpenState("later_today" if opens_at.date() == today else "opens", opens_at=opens_at)


def _special_days(openings: Sequence[Opening], first: dt.date) -> set[dt.date]:
    """Return the days for which an exception is usual and none says the hours."""
    days = (first + dt.timedelta(days=number) for number in range(WINDOW_DAYS + 2))
    exceptions = [opening for opening in openings if opening.is_exception]
    stated = {day for opening in exceptions for day in opening.days}
    return {day for day in days if day not in stated and any(opening.covers(day) for opening in exceptions)}


def _occurrences(openings: Sequence[Opening], special: set[dt.date], nation: Nation) -> list[_Occurrence]:
    """Return every opening in order; on the days of an exception with hours, only those."""
    stated = {day for opening in openings if opening.is_exception for day in opening.days}
    found = []
    for opening in openings:
        for day in opening.days:
            if day in stated and not opening.is_exception:
                continue
            doubt: Literal["", "bank_holiday", "exception"] = ""
            if day in special:
                doubt = "exception"
            elif not opening.is_exception and day in _bank_holidays(nation, day.year):
                doubt = "bank_holiday"
            is_last = (opening.opens, opening.closes) == (0, DAY_MINUTES) and not any(
                other.covers(day + dt.timedelta(days=1)) for other in openings
            )
            start, end = _instant(day, opening.opens), _instant(day, opening.closes)
            found.append(_Occurrence(start, end, doubt, is_last))
    return sorted(occurrence for occurrence in found if occurrence.start < occurrence.end)


def _end(occurrences: Sequence[_Occurrence], moment: dt.datetime) -> tuple[dt.datetime, bool]:
    """Return where an unbroken stretch from a moment on ends, and whether only because no more is known."""
    end, is_last = moment, False
    for occurrence in occurrences:
        if occurrence.start <= end < occurrence.end:
            end, is_last = occurrence.end, occurrence.is_last
    return end, is_last


def _closing(occurrences: Sequence[_Occurrence], moment: dt.datetime, horizon: dt.datetime) -> dt.datetime | None:
    end, is_last = _end(occurrences, moment)
    return None if is_last or end >= horizon else _to_london(end)


def _reason(occurrence: _Occurrence) -> Reason:
    return "bank_holiday" if occurrence.doubt == "bank_holiday" else ""


def _rank(state: OpenState) -> tuple[int, float]:
    """Order states of places: the best known first, then open longest or soonest."""
    if state.kind == "open":
        return 0, -state.until.timestamp() if state.until else float("-inf")
    return ORDER.index(state.kind), state.opens_at.timestamp() if state.opens_at else float("inf")


def _nation(service: Service, places: Sequence[ServiceAtLocation]) -> Nation:
    """Return the nation that a service is for, when it is one; otherwise England."""
    postcodes = {address.postal_code.strip().upper()[:2] for at in places for address in at.location.addresses}
    if postcodes == {"BT"}:
        return "NIR"
    codes = [code for area in service.service_areas for code in area_codes(area.name, area.uri)]
    nations = {NATIONS[code[0]] for code in codes if code[0] in NATIONS}
    return nations.pop() if len(nations) == 1 else "ENG"


def _instant(day: dt.date, minutes: int) -> dt.datetime:
    """Return a wall-clock time in London as UTC: the first of a time that comes twice, an hour on for one left out."""
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minutes)
    return wall.replace(tzinfo=_london()).astimezone(dt.timezone.utc)


def _to_london(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(_london())


@cache
def _london() -> ZoneInfo:
    return ZoneInfo("Europe/London")


@cache
def _bank_holidays(nation: Nation, year: int) -> frozenset[dt.date]:
    return frozenset(country_holidays("GB", subdiv=nation, years=year))
