"""Messages that were answered wrongly, as tests: proposed by one person, approved by another, written as JSON lines.

They stand in `tests/eval/cases/<locale>.jsonl`, in the form of the other messages to measure on, and are run by the
tests. What was trained on, or nearly, is refused: a test on it would prove nothing.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Float, String, Table, Text, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.console.flags import Flag, get_flag, is_expected
from bot.core.database import metadata
from bot.core.errors import NotFound, UserInputError
from bot.core.paths import EVALUATION
from bot.core.text import clean, mask
from bot.i18n.locales import find_locale

FOLDER = EVALUATION / "cases"
STYLE = "flagged"
WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"
LONGEST = 1000

cases = Table(
    "console_cases",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("flag", String(32), nullable=False, index=True),
    Column("language", String(16), nullable=False),
    Column("text", Text, nullable=False),  # personal data masked
    Column("topic", String(64), nullable=False),  # what it is about
    Column("state", String(16), nullable=False, index=True),
    Column("proposed_by", String(32), nullable=False),
    Column("proposed_at", Float, nullable=False),
    Column("judged_by", String(32), nullable=False),
    Column("judged_at", Float),
)


@dataclass(frozen=True)
class Case:
    """One message and what it is about."""

    id: str
    flag: str
    language: str
    text: str
    topic: str
    state: str
    proposed_by: str
    proposed_at: float
    judged_by: str
    judged_at: float | None


def masked_question(question: str) -> str:
    """Return a pasted question as a case keeps it.

    Raises:
        UserInputError: `question` or `question_long`.
    """
    if len(question) > LONGEST * 4:
        raise UserInputError("question_long", status=422)
    text = " ".join(mask(clean(question)).split())
    if not text:
        raise UserInputError("question", status=422)
    if len(text) > LONGEST:
        raise UserInputError("question_long", status=422)
    return text


def propose_case(
    connection: Connection, flag_id: str, *, text: str, language: str, topic: str, by: str, now: float
) -> Case:
    """Keep a case that waits for somebody's approval. `text`: as `masked_question` gives it.

    Raises:
        NotFound: there is no such flag.
        UserInputError: `language`, `topic`, or `case_known`: it waits or is approved already.
    """
    flag, locale = get_flag(connection, flag_id), find_locale(language)
    if locale is None:
        raise UserInputError("language", status=422)
    if not is_expected(topic):
        raise UserInputError("topic", status=422)
    same = select(cases.c.id).where(cases.c.text == text, cases.c.state != REFUSED)
    if connection.execute(same).first():
        raise UserInputError("case_known", status=422)
    case = Case(secrets.token_hex(16), flag.id, locale.tag, text, topic, WAITING, by, now, "", None)
    connection.execute(insert(cases).values(**vars(case)))
    return case


def get_case(connection: Connection, case_id: str) -> Case:
    """Return a case.

    Raises:
        NotFound: there is none of this id.
    """
    row = connection.execute(select(cases).where(cases.c.id == case_id)).first()
    if row is None:
        raise NotFound("no such case")
    return _case(row)


def list_cases(
    connection: Connection, *, state: str = "", flag: str = "", language: str = "", limit: int = 1000
) -> list[Case]:
    """Return cases, oldest first: of a state, a flag, a language, or all."""
    statement = select(cases).order_by(cases.c.proposed_at, cases.c.id).limit(limit)
    for column, wanted in ((cases.c.state, state), (cases.c.flag, flag), (cases.c.language, language)):
        statement = statement.where(column == wanted) if wanted else statement
    return [_case(row) for row in connection.execute(statement)]


def judge_case(connection: Connection, case_id: str, *, is_approved: bool, by: str, now: float) -> Case:
    """Approve or refuse a case that waits; return it.

    Raises:
        NotFound: there is none of this id.
        UserInputError: `own_case`: the person proposed it or made the flag; `case_judged`: it does not wait any more.
    """
    case = get_case(connection, case_id)
    if by in people_behind(case, get_flag(connection, case.flag)):
        raise UserInputError("own_case", status=403)
    if case.state != WAITING:
        raise UserInputError("case_judged", status=409)
    state = APPROVED if is_approved else REFUSED
    text = case.text if is_approved else ""  # what nobody wanted is not kept
    connection.execute(
        update(cases).where(cases.c.id == case_id).values(state=state, text=text, judged_by=by, judged_at=now)
    )
    return get_case(connection, case_id)


def people_behind(case: Case, flag: Flag) -> frozenset[str]:
    """Return who may not approve a case, as it is their own work."""
    return frozenset({case.proposed_by, flag.made_by})


def case_line(case: Case) -> str:
    """Return a case as a line of its file."""
    line = {"text": case.text, "lang": case.language, "topic": case.topic, "style": STYLE}
    return json.dumps(line, ensure_ascii=False) + "\n"


def write_case(case: Case, folder: Path) -> bool:
    """Add a case to the file of its language; return whether it stands there, False where the tree is read-only."""
    path = folder / f"{case.language}.jsonl"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("a+", encoding="utf-8") as file:
            file.seek(0)
            written = file.read()
            if case_line(case) not in written.splitlines(keepends=True):
                file.write(case_line(case) if written.endswith("\n") or not written else "\n" + case_line(case))
    except OSError:
        return False
    return True


def is_written(case: Case, folder: Path) -> bool:
    """Whether a case stands in the file of its language."""
    path = folder / f"{case.language}.jsonl"
    return path.is_file() and case_line(case).strip() in path.read_text(encoding="utf-8").splitlines()


def _case(row: Row) -> Case:
    return Case(**{name: getattr(row, name) for name in Case.__dataclass_fields__})
