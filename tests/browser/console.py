"""A bench that is in use: people who have just signed in, and something on every page."""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy.engine import Connection

from bot.console.batch_file import Asked
from bot.console.batches import Result, claim_batch, keep_results, make_batch, next_rows
from bot.console.cases import propose_case
from bot.console.flags import make_flag
from bot.console.pauses import pause, resume
from bot.console.permissions import ADMIN, PERMISSIONS, REVIEWER, TESTER, TRANSLATOR
from bot.console.reviews import propose
from bot.console.sessions import ENROL, FULL, open_session
from bot.console.users import User, create_user, invite, set_totp
from bot.console.withdrawn import restore, withdraw
from bot.core.clock import timestamp, today
from bot.core.database import Database
from bot.core.ids import new_token
from bot.i18n.coverage import all_sources
from bot.i18n.locales import get_locale
from bot.insight.counts import counts
from bot.insight.periods import recent_periods
from bot.web.console.cookies import SESSION
from bot.web.console.page import PREFIX, Page
from bot.web.console.routes import PAGES
from tests.browser.conftest import Visit

LEEDS, LUTON, BRISTOL = "E08000035", "E06000032", "E06000023"
LANGUAGES = ("ar", "pl", "ur")
KEY, TOPIC = "repairs.summary.1", "repairs"
PAUSED, WITHDRAWN = "school_place", "neighbourhood_norms"
NUMBERS = (  # topic, language, council, channel, kind, number
    ("repairs", "pl", LEEDS, "web", "asked", 140), ("repairs", "ar", LEEDS, "whatsapp", "asked", 61),
    ("repairs", "so", LUTON, "web", "asked", 33), ("register_join", "pl", LEEDS, "web", "asked", 95),
    ("register_join", "ar", LUTON, "web", "asked", 4), ("register_join", "so", LUTON, "web", "asked", 58),
    ("eviction_notice", "ur", LUTON, "telegram", "asked", 47), ("bin_collection", "bn", BRISTOL, "web", "asked", 3),
    ("", "fa", BRISTOL, "web", "not_understood", 36), ("", "ur", "", "web", "not_understood", 22),
    ("repairs", "pl", LEEDS, "web", "helpful", 44), ("repairs", "pl", LEEDS, "web", "unhelpful", 17),
)  # fmt: skip
QUESTIONS = (
    ("repairs", "pl", "Na suficie w łazience jest grzyb i odpada tynk"),
    ("repairs", "ur", "باورچی خانے کی چھت سے پانی ٹپک رہا ہے"),
    ("eviction_notice", "ar", "وصلتني رسالة تطلب مني مغادرة البيت"),
)


def signed_in(made: Visit, database: Database, role: str, *, stage: str = FULL, name: str = "Amina Yusuf") -> User:
    """Give a browser the session of a new account that has just entered its code."""
    now, languages = timestamp(), LANGUAGES if role in (TRANSLATOR, REVIEWER) else ()

    def work(connection: Connection) -> tuple[User, str]:
        email = f"{role}-{new_token()[:8].lower()}@example.org"
        user = create_user(connection, name=name, email=email, role=role, languages=languages, now=now)
        if stage != ENROL:
            set_totp(connection, user.id, "of no use")
        return user, open_session(connection, user.id, stage, now, stepped_up=stage == FULL)

    user, token = database.run_now(work)
    made.page.context.add_cookies([{"name": SESSION, "value": token, "url": made.server.url}])
    return user


def colleague(database: Database, role: str, name: str) -> User:
    """Return a new account of somebody who is not at a browser now."""
    now = timestamp()
    email = f"{role}-{new_token()[:8].lower()}@example.org"
    return database.run_now(
        lambda connection: create_user(
            connection, name=name, email=email, role=role, languages=LANGUAGES if role == TRANSLATOR else (), now=now
        )
    )


def asked_last_quarter(database: Database) -> str:
    """Write counts as the channels do, once; return the id of their quarter, which has ended."""
    period = recent_periods(today(), 2)[1]
    names = ("topic", "language", "area_code", "channel", "kind", "number")
    rows = [
        {**dict(zip(names, row, strict=True)), "day": (period.first + dt.timedelta(days=7 * week)).isoformat()}
        for row in NUMBERS
        for week in range(3)
    ]

    def work(connection: Connection) -> None:
        for row in rows:
            connection.execute(database.insert(counts).values(row).on_conflict_do_nothing())

    database.run_now(work)
    return period.id


def flag_with_case(database: Database) -> str:
    """Make a flag and a test that waits for somebody else; return the id of the flag."""
    by, now = colleague(database, TESTER, "Chi Nguyễn").id, timestamp()

    def work(connection: Connection) -> str:
        flag = make_flag(
            connection, kind="wrong", topic=TOPIC, language="pl", by=by, now=now, suggested="pests",
            comment="To pytanie jest o szczurach, nie o naprawach.",
        )  # fmt: skip
        text = f"W kuchni chodzą szczury, co mam zrobić? {flag.id[:6]}"
        propose_case(connection, flag.id, text=text, language="pl", topic="pests", by=by, now=now)
        return flag.id

    return database.run_now(work)


def proposed_translation(database: Database, language: str, words: str) -> None:
    """Propose a translation as somebody else."""
    by, now = colleague(database, TRANSLATOR, "Chi Nguyễn").id, timestamp()
    source = next(one for one in all_sources() if one.key == KEY)
    database.run_now(
        lambda connection: propose(connection, get_locale(language), source, words, author=by, now=now, note="shorter")
    )


def finished_batch(database: Database, by: str, *, minutes_ago: int = 1, wrong: str = "pests") -> str:
    """Keep a run with its results, one of them `wrong`; return its id."""
    now, asked = timestamp(), [Asked(str(n), tag, text, topic) for n, (topic, tag, text) in enumerate(QUESTIONS)]

    def work(connection: Connection) -> str:
        batch = make_batch(connection, asked, file_name="round.csv", by=by, now=now - 60 * minutes_ago)
        assert claim_batch(connection, by, now) == batch.id
        rows = next_rows(connection, batch.id, by, now, len(asked))
        results = [
            (row.number, _result(wrong if row.asked.language == "ur" else row.asked.expected, row.asked.language))
            for row in rows
        ]
        keep_results(connection, batch.id, results)
        assert next_rows(connection, batch.id, by, now, 1) == []
        return batch.id

    return database.run_now(work)


def switched_off(database: Database) -> None:
    """Pause one topic and withdraw the answer of another; no test asks about them."""
    by, now = colleague(database, ADMIN, "Bob Root").id, timestamp()

    def work(connection: Connection) -> None:
        pause(connection, "topic", PAUSED, reason="the law changes", by=by, now=now)
        withdraw(connection, WITHDRAWN, reason="a wrong number", by=by, now=now)

    database.run_now(work)


def _result(topic: str, language: str) -> Result:
    return Result(topic, 0.83, (topic, "noise", "bin_collection"), language, "no")


def switched_on(database: Database) -> None:
    """End what `switched_off` did."""

    def work(connection: Connection) -> None:
        resume(connection, "topic", PAUSED)
        restore(connection, WITHDRAWN)

    database.run_now(work)


def pages_of(role: str) -> list[Page]:
    """Return the pages that a role may look at, those that are made from a template."""
    return [
        page
        for page in PAGES
        if page.method == "GET" and page.template and page.action and role in PERMISSIONS[page.action]
    ]


def address(page: Page, **values: str) -> str:
    """Return the address of a page. `values`: what stands for its parameters; `id_flags`: the id of `/flags`."""
    group = page.path.split("/")[1]
    return PREFIX + re.sub(
        r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}",
        lambda found: values.get(f"{found[1]}_{group}") or values[found[1]],
        page.path,
    )


def invitation(database: Database) -> str:
    """Return the path of an invitation that nobody took up."""
    user, now = colleague(database, TESTER, "Omar Haddad"), timestamp()
    return f"{PREFIX}/invitation/{database.run_now(lambda connection: invite(connection, user.id, now))}"
