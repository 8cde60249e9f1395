"""`doorway erase`."""

from __future__ import annotations

import re

from bot.channels.erasure import erase_conversation, erase_older_than
from bot.commands.ask import named_token
from bot.core.errors import UserInputError
from bot.core.ids import token_digest
from bot.core.settings import load_settings

AGE = re.compile(r"(\d{1,5})h?")


def erase(*, session: str | None, older_than: str | None) -> dict[str, int]:
    """Delete one conversation or everything of an age; return how many rows of each kind.

    Raises:
        UserInputError: neither or both were given, or the age is not a number of hours.
    """
    if bool(session) == bool(older_than):
        raise UserInputError("bad_request", detail="give --session ID or --older-than 24h")
    from bot.service import open_database

    database = open_database(load_settings())
    try:
        if session:
            named = token_digest(named_token(session))[:40]
            first = database.run_now(lambda connection: erase_conversation(connection, session)).as_dict()
            second = database.run_now(lambda connection: erase_conversation(connection, named)).as_dict()
            return {name: first[name] + second[name] for name in first}
        match = AGE.fullmatch(older_than or "")
        if not match:
            raise UserInputError("bad_request", detail="--older-than takes hours, e.g. 24h")
        return database.run_now(lambda connection: erase_older_than(connection, int(match[1]))).as_dict()
    finally:
        database.close()
