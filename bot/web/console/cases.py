"""Turning a flag into a test: proposed here, approved by somebody else, written into the tree or downloaded."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console import cases
from bot.console.cases import (
    APPROVED,
    Case,
    case_line,
    get_case,
    judge_case,
    list_cases,
    masked_question,
    propose_case,
    write_case,
)
from bot.console.flags import get_flag
from bot.console.trained import is_trained
from bot.core.errors import NotFound, UserInputError
from bot.web.console.flag import FLAGS, show_flag
from bot.web.console.page import get, post
from bot.web.console.visit import Visit

BODY_LIMIT = 32 * 1024


async def post_proposal(visit: Visit) -> web.StreamResponse:
    """POST /console/flags/{id}/case: a question that must be understood as a topic from now on."""
    flag_id = visit.request.match_info["id"]
    await visit.run(lambda connection: get_flag(connection, flag_id))
    try:
        text = masked_question(visit.field("question"))
        if await asyncio.to_thread(is_trained, text):
            raise UserInputError("case_trained", status=422)
        await visit.run(lambda connection: _propose(visit, connection, flag_id, text))
    except UserInputError as error:
        return await show_flag(visit, flag_id, error=error)
    return visit.go(f"{FLAGS}/{flag_id}", done="case_proposed")


async def post_judgement(visit: Visit) -> web.StreamResponse:
    """POST /console/cases/{id}: approve it, which writes it into the tree, or refuse it."""
    case_id, is_approved = visit.request.match_info["id"], visit.field("do") == "approve"

    def work(connection: Connection) -> Case:
        before = get_case(connection, case_id)
        after = judge_case(connection, case_id, is_approved=is_approved, by=visit.user.id, now=visit.now)
        visit.record(connection, "case_judged", object=f"case:{case_id}", before=before.state, after=after.state)
        return after

    case = await visit.run(work)
    done = "case_refused"
    if is_approved:
        is_written = await asyncio.to_thread(write_case, case, cases.FOLDER)
        done = "case_written" if is_written else "case_approved"
    return visit.go(f"{FLAGS}/{case.flag}", done=done)


async def get_file(visit: Visit) -> web.StreamResponse:
    """GET /console/cases/{language}: the approved cases of a language, as their file in `tests/eval/cases` is."""
    language = visit.request.match_info["language"]

    def work(connection: Connection) -> list[Case]:
        found = list_cases(connection, state=APPROVED, language=language)
        if not found:
            raise NotFound("no approved cases")
        visit.record(connection, "cases_downloaded", object=f"cases:{language}")
        return found

    found = await visit.run(work)
    return web.Response(
        body="".join(case_line(case) for case in found).encode(),
        content_type="application/jsonl",
        headers={"Content-Disposition": f'attachment; filename="{language}.jsonl"'},
    )


def _propose(visit: Visit, connection: Connection, flag_id: str, text: str) -> None:
    case = propose_case(
        connection,
        flag_id,
        text=text,
        language=visit.field("language"),
        topic=visit.field("topic"),
        by=visit.user.id,
        now=visit.now,
    )
    visit.record(connection, "case_proposed", object=f"case:{case.id}")


PAGES = (
    post("/flags/{id:[0-9a-f]{32}}/case", post_proposal, action="flag", template="flag.html", body_limit=BODY_LIMIT),
    post("/cases/{id:[0-9a-f]{32}}", post_judgement, action="approve_test"),
    get("/cases/{language:[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})?}", get_file, action="see_flags"),
)
