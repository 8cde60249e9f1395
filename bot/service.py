"""Opening the parts that every front needs: database, assistant, channel. Wiring only."""

from __future__ import annotations

import secrets

from rasa.shared.core.domain import Domain

from bot.assistant import Assistant
from bot.channels.locks import open_locks
from bot.channels.pauses import Pauses
from bot.channels.replies import Replies
from bot.channels.web import WebChannel
from bot.core.database import Database, default_url
from bot.core.paths import ROOT
from bot.core.settings import Settings
from bot.directory.opening import open_directory
from bot.directory.signposts import Signposts
from bot.directory.store import Store
from bot.i18n.locales import select_locales
from bot.places.exact import ImportedPostcodes
from bot.places.remote import RemotePostcodes, chain
from bot.trackers import CompactTrackerStore
from bot.training import MODEL

STATE = ROOT / "var"


def open_database(settings: Settings) -> Database:
    """Return the database the settings name."""
    return Database(settings.database_url or default_url(STATE))


def build_assistant(settings: Settings, database: Database, directory: Store | None = None) -> Assistant:
    """Return the assistant on a database. `directory`: its services, opened when not given.

    Raises:
        ConfigError: there is no model.
    """
    store = CompactTrackerStore(Domain.empty(), database=database)
    remote = RemotePostcodes(settings.postcodes_url) if settings.postcodes_url else None
    postcodes = chain(ImportedPostcodes(database), remote)
    return Assistant(
        MODEL,
        store,
        signposts=Signposts(database, directory or open_directory(database)),
        postcodes=postcodes,
        retention_hours=settings.retention_hours,
    )


def build_channel(
    settings: Settings, database: Database, assistant: Assistant, pauses: Pauses | None = None
) -> WebChannel:
    """Return the web channel. `pauses`: without them it has none, as on the command line."""
    return WebChannel(
        database,
        assistant,
        secret=secret_key(settings),
        text_limit=settings.text_limit,
        pauses=pauses or Pauses(),
        locks=open_locks(settings.redis_url),
    )


def build_replies(settings: Settings, assistant: Assistant, pauses: Pauses) -> Replies:
    """Return what finds the replies of the messaging channels."""
    return Replies(
        assistant,
        text_limit=settings.text_limit,
        hours=settings.retention_hours,
        languages=select_locales(settings.languages.split()),
        pauses=pauses,
    )


def secret_key(settings: Settings) -> str:
    """Return the key for derived ids: from the settings, or one kept in var/ with the mode of a private key."""
    if settings.secret_key:
        return settings.secret_key
    path = STATE / "secret_key"
    STATE.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")
