"""The directory in SQLite: FTS5 for words, a second FTS5 for other scripts, an R*Tree for boxes.

A build of SQLite without these modules is served by plain tables and LIKE: slower, the same results but for word
endings. What the index holds is made anew at the start where it does not match the services.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from bot.core.database import Database
from bot.directory.candidate_sql import PLAIN_BOX
from bot.directory.document import service_from_document
from bot.directory.sqlstore import BATCH, SqlStore
from bot.directory.store import Looking
from bot.directory.tables import Words, rows_of, service_documents, services
from bot.directory.words import english_words, index_pieces

WEIGHTS = (5.0, 3.0, 4.0, 1.0)  # name, organisation, topics, description
MOST_MATCHES = 1_000
MATCH = (
    "SELECT rowid AS number, MAX({score}, 0.000001) AS score FROM {table} WHERE {table} MATCH {name} {kept} "
    "ORDER BY score DESC, rowid LIMIT :most"
)
SHARE = "SELECT number, score / (score + 6.0) AS text_score FROM ({best})"  # a bm25 of 6 counts one half
LIKE = "SELECT number, {score} AS score FROM services_text"
INSERT = "INSERT OR REPLACE INTO services_text (number, {names}) VALUES (:number, {values})"
FIELDS = ("name", "organization", "topics", "description", "pieces")


class SqliteStore(SqlStore):
    """The directory in a SQLite file."""

    has_full_text = has_boxes = True

    def __init__(self, database: Database) -> None:
        self.has_full_text = database.run_now(lambda connection: has_module(connection, "fts5(a)"))
        self.has_boxes = database.run_now(lambda connection: has_module(connection, "rtree(a, b, c, d, e, +f)"))
        super().__init__(database)

    def _prepare(self, connection: Connection) -> None:
        run = connection.exec_driver_sql
        if self.has_full_text:
            run(
                "CREATE VIRTUAL TABLE IF NOT EXISTS services_words USING fts5"
                "(name, organization, topics, description, tokenize = 'porter unicode61')"
            )
            run("CREATE VIRTUAL TABLE IF NOT EXISTS services_pieces USING fts5(pieces, tokenize = 'unicode61')")
        else:
            run("CREATE TABLE IF NOT EXISTS services_text (number INTEGER PRIMARY KEY, " + ", ".join(FIELDS) + ")")
        if self.has_boxes:
            run(
                "CREATE VIRTUAL TABLE IF NOT EXISTS service_boxes "
                "USING rtree(number, south, north, west, east, +service)"
            )
        index = "services_words" if self.has_full_text else "services_text"
        places = "SELECT count(*) FROM service_places WHERE latitude IS NOT NULL"
        stale = _number(connection, f"SELECT count(*) FROM {index}") != _number(  # noqa: S608 — one of two names
            connection, "SELECT count(*) FROM services"
        )
        if stale or (
            self.has_boxes and _number(connection, "SELECT count(*) FROM service_boxes") != _number(connection, places)
        ):
            self._rebuild(connection)

    def _rebuild(self, connection: Connection) -> None:
        for table in ("services_words", "services_pieces") if self.has_full_text else ("services_text",):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 — one of three names
        if self.has_boxes:
            connection.exec_driver_sql("DELETE FROM service_boxes")
        stored = connection.execute(service_documents.select().order_by(service_documents.c.service)).all()
        for at in range(0, len(stored), BATCH):
            part = stored[at : at + BATCH]
            words = [rows_of(service_from_document(json.loads(row.document))).words for row in part]
            self._index(connection, [row.service for row in part], words)

    def _index(self, connection: Connection, numbers: Sequence[int], words: Sequence[Words]) -> None:
        rows = [
            {
                "number": number, "name": _plain(word.name), "organization": _plain(word.organization),
                "topics": _plain(word.topics), "description": _plain(word.description),
                "pieces": " ".join(index_pieces((word.name, word.organization, word.description))),
            }
            for number, word in zip(numbers, words, strict=True)
        ]  # fmt: skip
        old = [{"number": number} for number in numbers]
        if self.has_full_text:
            connection.execute(text("DELETE FROM services_words WHERE rowid = :number"), old)
            connection.execute(text("DELETE FROM services_pieces WHERE rowid = :number"), old)
            connection.execute(
                text(
                    "INSERT INTO services_words (rowid, name, organization, topics, description) "
                    "VALUES (:number, :name, :organization, :topics, :description)"
                ),
                rows,
            )
            pieces = [row for row in rows if row["pieces"]]
            if pieces:
                connection.execute(
                    text("INSERT INTO services_pieces (rowid, pieces) VALUES (:number, :pieces)"), pieces
                )
        else:
            names = ", ".join(FIELDS)
            values = ", ".join(f":{name}" for name in FIELDS)
            connection.execute(text(INSERT.format(names=names, values=values)), rows)
        if self.has_boxes:
            self._index_boxes(connection, numbers)

    def _index_boxes(self, connection: Connection, numbers: Sequence[int]) -> None:
        connection.execute(
            text(
                "INSERT OR REPLACE INTO service_boxes SELECT number, latitude, latitude, longitude, longitude, service "
                "FROM service_places WHERE latitude IS NOT NULL AND service IN :numbers"
            ).bindparams(bindparam("numbers", expanding=True)),
            {"numbers": list(numbers)},
        )

    def _unindex_places(self, connection: Connection, numbers: Sequence[int]) -> None:
        if self.has_boxes:
            statement = text(
                "DELETE FROM service_boxes WHERE number IN "
                "(SELECT number FROM service_places WHERE service IN :numbers)"
            ).bindparams(bindparam("numbers", expanding=True))
            connection.execute(statement, {"numbers": list(numbers)})

    def _words_sql(self, looking: Looking, within: str) -> tuple[str, dict[str, Any]]:
        if not self.has_full_text:
            return self._like_sql(looking.words, looking.pieces)
        parts: list[str] = []
        values: dict[str, Any] = {"most": MOST_MATCHES}
        if looking.words:
            weights = ", ".join(map(str, WEIGHTS))
            parts.append(_match_sql("services_words", f"-bm25(services_words, {weights})", ":words", within))
            values["words"] = _any_word(looking.words) if looking.is_broad else _most_words(looking.words)
        if looking.pieces:
            parts.append(_match_sql("services_pieces", "-bm25(services_pieces) * 4", ":pieces", within))
            values["pieces"] = _any_piece(looking.pieces)
        return " UNION ALL ".join(parts), values

    def _matching(self, words: Sequence[str], pieces: Sequence[Sequence[str]]) -> Any:
        if not (words or pieces):
            return text("SELECT number FROM services WHERE 0").columns(services.c.number)
        if not self.has_full_text:
            sql, values = self._like_sql(words, pieces)
            return text(f"SELECT number FROM ({sql})").bindparams(**values).columns(services.c.number)  # noqa: S608 — fixed text
        parts, values = [], {}
        if words:
            parts.append("SELECT rowid FROM services_words WHERE services_words MATCH :words")
            values["words"] = " AND ".join(f'"{word}"' for word in words)
        if pieces:
            parts.append("SELECT rowid FROM services_pieces WHERE services_pieces MATCH :pieces")
            values["pieces"] = _any_piece(pieces)
        return text(" UNION ".join(parts)).bindparams(**values).columns(services.c.number)

    def _like_sql(self, words: Sequence[str], pieces: Sequence[Sequence[str]]) -> tuple[str, dict[str, Any]]:
        """Return the same without FTS5: how many of the words occur, those of the name most."""
        cases, values = [], {}
        for at, word in enumerate(words):
            values[f"word{at}"] = f"% {_stem(word)}%"
            cases += [
                f"CASE WHEN ' ' || {field} LIKE :word{at} THEN {weight} ELSE 0 END"
                for field, weight in zip(FIELDS, WEIGHTS, strict=False)
            ]
        for at, signs in enumerate(pieces):
            found = [f"' ' || pieces || ' ' LIKE :piece{at}_{place}" for place in range(len(signs))]
            values.update({f"piece{at}_{place}": f"% {piece} %" for place, piece in enumerate(signs)})
            cases.append(f"CASE WHEN {' AND '.join(found)} THEN 4.0 ELSE 0 END")
        score = " + ".join(cases)
        return SHARE.format(best=LIKE.format(score=score)) + " WHERE score > 0", values

    def _box_sql(self) -> str:
        if not self.has_boxes:
            return PLAIN_BOX
        return (
            "(SELECT service, south AS latitude, west AS longitude FROM service_boxes WHERE north >= :south "
            "AND south <= :north AND east >= :west AND west <= :east)"
        )


def has_module(connection: Connection, call: str) -> bool:
    """Whether this build of SQLite can make a virtual table, e.g. `fts5(a)`."""
    try:
        connection.exec_driver_sql(f"CREATE VIRTUAL TABLE temp.probe USING {call}")
    except DBAPIError:
        return False
    connection.exec_driver_sql("DROP TABLE temp.probe")
    return True


def _match_sql(table: str, score: str, name: str, within: str) -> str:
    kept = f"AND {table}.rowid + 0 {within}" if within else ""  # + 0: looked up in the set, not one by one in the index
    best = MATCH.format(score=score, table=table, name=name, kept=kept)
    return SHARE.format(best=best)


def _any_word(words: Sequence[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _most_words(words: Sequence[str]) -> str:
    every = " AND ".join(f'"{word}"' for word in words)
    return f"({every}) OR {{name organization}} : ({_any_word(words)})"


def _any_piece(pieces: Sequence[Sequence[str]]) -> str:
    return " OR ".join("(" + " AND ".join(f'"{piece}"' for piece in word) + ")" for word in pieces)


def _plain(value: str) -> str:
    return " ".join(english_words(value))


def _stem(word: str) -> str:
    """Return a word without the commonest endings, for LIKE."""
    for ending in ("ing", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _number(connection: Connection, sql: str) -> int:
    return int(connection.exec_driver_sql(sql).scalar() or 0)
