"""The directory in PostgreSQL: a weighted tsvector for words, one of pieces for other scripts, an index over places.

No extension is needed; text is folded before it comes here, so accents and letters outside ASCII do not matter.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.directory.candidate_sql import PLAIN_BOX
from bot.directory.document import service_from_document
from bot.directory.sqlstore import BATCH, SqlStore
from bot.directory.store import Looking
from bot.directory.tables import PARTS, Words, rows_of, service_documents, services
from bot.directory.words import english_words, index_pieces

WORD_TABLES = ("services_words", "services_titles")
CREATE = (
    "CREATE TABLE IF NOT EXISTS services_words (number integer PRIMARY KEY REFERENCES services ON DELETE CASCADE, "
    "words tsvector NOT NULL, pieces tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS services_words_words ON services_words USING gin (words)",
    "CREATE INDEX IF NOT EXISTS services_words_pieces ON services_words USING gin (pieces)",
    "CREATE TABLE IF NOT EXISTS services_titles (number integer PRIMARY KEY REFERENCES services ON DELETE CASCADE, "
    "titles tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS services_titles_titles ON services_titles USING gin (titles)",
)
TITLES = (
    "setweight(to_tsvector('english', :name), 'A') || setweight(to_tsvector('english', :topics), 'B') || "
    "setweight(to_tsvector('english', :organization), 'C')"
)
INSERT_TITLES = text(
    f"INSERT INTO services_titles (number, titles) VALUES (:number, {TITLES}) "  # noqa: S608 — fixed texts
    "ON CONFLICT (number) DO UPDATE SET titles = EXCLUDED.titles"
)
INSERT_WORDS = text(
    "INSERT INTO services_words (number, words, pieces) "  # noqa: S608 — fixed texts
    f"VALUES (:number, {TITLES} || setweight(to_tsvector('english', :description), 'D'), "
    "array_to_tsvector(CAST(:pieces AS text[]))) "
    "ON CONFLICT (number) DO UPDATE SET words = EXCLUDED.words, pieces = EXCLUDED.pieces"
)
EVERY = "words @@ websearch_to_tsquery('english', :every)"  # all of them anywhere, in the pages of the read API
WEIGHTS = "{0.1, 0.3, 0.4, 0.5}"  # description, organisation, topics, name: as in SQLite
# Ranking reads every match, so it reads the short titles, and the long texts only where they hold every word.
TITLED = (
    "SELECT number, ts_rank(CAST(:weights AS real[]), titles, to_tsquery('english', :any)) AS score "
    "FROM services_titles WHERE titles @@ to_tsquery('english', :titled) {kept}"
)
WORDED = (
    "SELECT number, ts_rank(CAST(:weights AS real[]), words, to_tsquery('english', :any)) AS score "
    "FROM services_words WHERE words @@ to_tsquery('english', :words) {kept}"
)
PIECED = "SELECT number, {score} AS score FROM services_words WHERE ({matches}) {kept}"
BEST = (
    "SELECT number, MAX(score) AS score FROM ({found}) AS found GROUP BY number ORDER BY score DESC, number LIMIT :most"
)
SHARE = "SELECT number, score / (score + 0.3) AS text_score FROM ({best}) AS best"
MATCHING = "SELECT number FROM services_words WHERE {matches}"
MOST_MATCHES = 500


class PostgresStore(SqlStore):
    """The directory in a PostgreSQL database."""

    def settle(self, connection: Connection) -> None:
        """See `Store.settle`."""
        for table in (services, service_documents, *PARTS):
            connection.execute(text(f"ANALYZE {table.name}"))
        for name in WORD_TABLES:
            connection.execute(text(f"ANALYZE {name}"))

    def _prepare(self, connection: Connection) -> None:
        for statement in CREATE:
            connection.execute(text(statement))
        counts = [
            connection.execute(text(f"SELECT count(*) FROM {name}")).scalar()  # noqa: S608 — one of three names
            for name in ("services", *WORD_TABLES)
        ]
        if len(set(counts)) > 1:
            self._rebuild(connection)

    def _rebuild(self, connection: Connection) -> None:
        stored = connection.execute(service_documents.select().order_by(service_documents.c.service)).all()
        for at in range(0, len(stored), BATCH):
            part = stored[at : at + BATCH]
            words = [rows_of(service_from_document(json.loads(row.document))).words for row in part]
            self._index(connection, [row.service for row in part], words)

    def _index(self, connection: Connection, numbers: Sequence[int], words: Sequence[Words]) -> None:
        rows = [
            {
                "number": number,
                "name": _plain(word.name),
                "organization": _plain(word.organization),
                "topics": _plain(word.topics),
                "description": _plain(word.description),
                "pieces": index_pieces((word.name, word.organization, word.description)),
            }
            for number, word in zip(numbers, words, strict=True)
        ]
        connection.execute(INSERT_WORDS, rows)
        connection.execute(INSERT_TITLES, rows)

    def _words_sql(self, looking: Looking, within: str) -> tuple[str, dict[str, Any]]:
        values: dict[str, Any] = {"most": MOST_MATCHES}
        kept = f"AND number {within}" if within else ""
        found: list[str] = []
        if looking.words:
            values["weights"] = WEIGHTS
            values["any"] = " | ".join(looking.words)
            values["words"] = values["any"] if looking.is_broad else " & ".join(looking.words)
            values["titled"] = " | ".join(f"{word}:AC" for word in looking.words)
            found += [TITLED.format(kept=kept), WORDED.format(kept=kept)]
        if looking.pieces:
            matches, pieces = _pieces_sql(looking.pieces)
            score = " + ".join(f"CASE WHEN {match} THEN 0.3 ELSE 0 END" for match in matches)
            found.append(PIECED.format(score=score, matches=" OR ".join(matches), kept=kept))
            values.update(pieces)
        return SHARE.format(best=BEST.format(found=" UNION ALL ".join(found))), values

    def _matching(self, words: Sequence[str], pieces: Sequence[Sequence[str]]) -> Any:
        matches, values = _pieces_sql(pieces)
        if words:
            matches.append(EVERY)
            values["every"] = " ".join(words)
        statement = text(MATCHING.format(matches=" OR ".join(matches) or "false"))
        return statement.bindparams(**values).columns(services.c.number)

    def _box_sql(self) -> str:
        return PLAIN_BOX


def _pieces_sql(pieces: Sequence[Sequence[str]]) -> tuple[list[str], dict[str, Any]]:
    """Return a condition for every word, true where all of its pieces occur, and the values."""
    values = {f"piece{at}": " & ".join(f"'{piece}'" for piece in word) for at, word in enumerate(pieces)}
    return [f"pieces @@ CAST(:{name} AS tsquery)" for name in values], dict(values)


def _plain(value: str) -> str:
    return " ".join(english_words(value))
