"""`doorway ask`: one turn of the real assistant, through the same channel the widget uses."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from sqlalchemy import insert, select

from bot.channels.sessions import sessions
from bot.channels.web import Incoming, WebChannel
from bot.core.clock import timestamp
from bot.core.database import Database
from bot.core.errors import UserInputError
from bot.core.ids import token_digest
from bot.core.log import configure_logging
from bot.core.settings import load_settings
from bot.places.lookup import find_place

NAMED = "ask:"  # a named conversation's token is this and its name


def ask(
    text: str, *, language: str | None, area: str | None, status: str | None, session: str | None
) -> dict[str, Any]:
    """Return the turn as the API gives it. Without a session name nothing is kept.

    Raises:
        UserInputError: the text is empty or too long, or the language is unknown.
        ConfigError: there is no model.
    """
    configure_logging("ERROR")
    from bot.commands.train import train
    from bot.service import build_assistant, build_channel, open_database

    settings = load_settings()
    area = _council(area) if area else None
    train(force=False)
    database = open_database(settings) if session else Database("sqlite://")
    assistant = build_assistant(settings, database)
    channel = build_channel(settings, database, assistant)
    try:
        return asyncio.run(
            _turn(
                channel, database, session, Incoming(uuid.uuid4().hex, text=text, language=language, area=area), status
            )
        )
    finally:
        assistant.close()
        database.close()


def _council(text: str) -> str:
    """Return the GSS code of the one council that a code, name or postcode means.

    Raises:
        UserInputError: it means none or several; the detail names them.
    """
    found = find_place(text)
    if found.only is None:
        names = ", ".join(candidate.authority.name for candidate in found.candidates)
        raise UserInputError("bad_request", detail=f"--area {text}: {names or 'no council'}")
    return found.only.authority.gss_code


def named_token(name: str) -> str:
    """Return the token of a conversation named on the command line."""
    return NAMED + name


async def _turn(
    channel: WebChannel, database: Database, session: str | None, incoming: Incoming, status: str | None
) -> dict[str, Any]:
    if session is None:
        token = await channel.open(language=incoming.language)
    else:
        token = named_token(session)
        await database.run(lambda connection: _ensure_session(connection, token))
    try:
        return await channel.post(token, incoming, status=status)
    finally:
        await channel.close()


def _ensure_session(connection: Any, token: str) -> None:
    digest = token_digest(token)
    if connection.execute(select(sessions.c.token_digest).where(sessions.c.token_digest == digest)).first() is None:
        connection.execute(
            insert(sessions).values(token_digest=digest, conversation_id=digest[:40], answers=0, seen_at=timestamp())
        )
