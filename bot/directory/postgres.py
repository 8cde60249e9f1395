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

CREATE = (
    "CREATE TABLE IF NOT EXISTS services_words (number integer PRIMARY KEY REFERENCES services ON DELETE CASCADE, "
    "words tsvector NOT NULL, pieces tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS services_words_words ON services_words USING gin (words)",
    "CREATE INDEX IF NOT EXISTS services_words_pieces ON services_words USING gin (pieces)",
)
INSERT = text(
    "INSERT INTO services_words (number, words, pieces) VALUES (:number, "
    "setweight(to_tsvector('english', :name), 'A') || setweight(to_tsvector('english', :topics), 'B') || "
    "setweight(to_tsvector('english', :organization), 'C') || setweight(to_tsvector('english', :description), 'D'), "
    "array_to_tsvector(CAST(:pieces AS text[]))) "
    "ON CONFLICT (number) DO UPDATE SET words = EXCLUDED.words, pieces = EXCLUDED.pieces"
)
EVERY = "words @@ websearch_to_tsquery('english', :every)"  # all of them anywhere, in the pages of the read API
WORDS = "words @@ to_tsquery('english', :words)"
RANK = "ts_rank('{0.1, 0.3, 0.4, 0.5}', words, to_tsquery('english', :any))"  # D, C, B, A as in SQLite
SHARE = "SELECT number, score / (score + 0.3) AS text_score FROM ({best}) AS best"
BEST = (
    "SELECT number, {score} AS score FROM services_words WHERE ({matches}) {kept} "
    "ORDER BY score DESC, number LIMIT :most"
)
MATCHING = "SELECT number FROM services_words WHERE {matches}"
MOST_MATCHES = 1_000


class PostgresStore(SqlStore):
    """The directory in a PostgreSQL database."""

    def settle(self, connection: Connection) -> None:
        """See `Store.settle`."""
        for table in (services, service_documents, *PARTS):
            connection.execute(text(f"ANALYZE {table.name}"))
        connection.execute(text("ANALYZE services_words"))

    def _prepare(self, connection: Connection) -> None:
        for statement in CREATE:
            connection.execute(text(statement))
        stale = connection.execute(
            text("SELECT (SELECT count(*) FROM services) <> (SELECT count(*) FROM services_words)")
        ).scalar()
        if stale:
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
        connection.execute(INSERT, rows)

    def _words_sql(self, looking: Looking, within: str) -> tuple[str, dict[str, Any]]:
        parts: list[str] = []
        values: dict[str, Any] = {"most": MOST_MATCHES}
        kept = f"AND number {within}" if within else ""
        if looking.words:
            parts.append(SHARE.format(best=BEST.format(score=RANK, matches=WORDS, kept=kept)))
            values["any"] = " | ".join(looking.words)
            values["words"] = values["any"] if looking.is_broad else _most_words(looking.words)
        if looking.pieces:
            matches, found = _pieces_sql(looking.pieces)
            score = " + ".join(f"CASE WHEN {match} THEN 0.3 ELSE 0 END" for match in matches)
            parts.append(SHARE.format(best=BEST.format(score=score, matches=" OR ".join(matches), kept=kept)))
            values.update(found)
        return " UNION ALL ".join(parts), values

    def _matching(self, words: Sequence[str], pieces: Sequence[Sequence[str]]) -> Any:
        matches, values = _pieces_sql(pieces)
        if words:
            matches.append(EVERY)
            values["every"] = " ".join(words)
        statement = text(MATCHING.format(matches=" OR ".join(matches) or "false"))
        return statement.bindparams(**values).columns(services.c.number)

    def _box_sql(self) -> str:
        return PLAIN_BOX


def _most_words(words: Sequence[str]) -> str:
    """Return all of the words, or any of them in a name (A) or an organisation (C); they are letters and digits."""
    named = " | ".join(f"{word}:AC" for word in words)
    return f"({' & '.join(words)}) | {named}"


def _pieces_sql(pieces: Sequence[Sequence[str]]) -> tuple[list[str], dict[str, Any]]:
    """Return a condition for every word, true where all of its pieces occur, and the values."""
    values = {f"piece{at}": " & ".join(f"'{piece}'" for piece in word) for at, word in enumerate(pieces)}
    return [f"pieces @@ CAST(:{name} AS tsquery)" for name in values], dict(values)


def _plain(value: str) -> str:
    return " ".join(english_words(value))
