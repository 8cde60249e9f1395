"""What was done in the console, newest first, and whether the record is whole."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.audit import Chain, Entry, check_chain, list_entries
from bot.console.users import list_users
from bot.web.console.page import get
from bot.web.console.visit import Visit

ON_A_PAGE = 50
LONGEST_NUMBER = 9


async def get_audit(visit: Visit) -> web.StreamResponse:
    """GET /console/audit: `?before=N` goes back."""
    asked = visit.request.query.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_NUMBER else None

    def work(connection: Connection) -> tuple[list[Entry], Chain, dict[str, str]]:
        names = {user.id: user.name for user in list_users(connection)}
        return list_entries(connection, before=before, limit=ON_A_PAGE), check_chain(connection), names

    entries, chain, names = await visit.run(work)
    older = entries[-1].number if len(entries) == ON_A_PAGE and entries[-1].number > 1 else None
    return visit.render(entries=entries, chain=chain, names=names, older=older)


PAGES = (get("/audit", get_audit, action="see_audit", template="audit.html", menu="audit", step_up=True),)
