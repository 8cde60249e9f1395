"""Settings, read once from the environment and checked on the way in.

Every setting is documented in `.env.example` (a test keeps the two equal).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from bot.core.colours import READABLE, WHITE, contrast
from bot.core.errors import ConfigError

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # what Telegram takes
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
DIRECTIONS = re.compile(r"https://[^\s\"'<>]*\{latitude\}[^\s\"'<>]*\{longitude\}[^\s\"'<>]*")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
TELEPHONE = re.compile(r"\+?[0-9][0-9 ]{1,20}[0-9]")
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")  # scheme, host, port: nothing that could end a header


def _setting(default: Any, env: str, doc: str, *, secret: bool = False) -> Any:
    """`secret`: the value stands in no log and no traceback."""
    return field(default=default, repr=not secret, metadata={"env": env, "doc": doc})


AT_LEAST_ONE = (
    "retention_hours",
    "text_limit",
    "messages_per_minute",
    "messages_per_day",
    "sessions_per_hour",
    "requests_per_minute",
)


@dataclass(frozen=True)
class Settings:
    """Everything an operator may set."""

    host: str = _setting("127.0.0.1", "DOORWAY_HOST", "address to listen on")
    port: int = _setting(8080, "DOORWAY_PORT", "port to listen on")
    database_url: str = _setting("", "DATABASE_URL", "PostgreSQL address; empty = a SQLite file in var/", secret=True)
    redis_url: str = _setting(
        "", "REDIS_URL", "Redis for locks shared by several processes; empty = one process", secret=True
    )
    secret_key: str = _setting(
        "",
        "DOORWAY_SECRET_KEY",
        "key for derived ids, 32+ characters; empty = a new one is kept in var/",
        secret=True,
    )
    operator: str = _setting("", "DOORWAY_OPERATOR", "name of the organisation that runs this, shown to people")
    contact: str = _setting(
        "",
        "DOORWAY_CONTACT",
        "e-mail address or telephone number where people ask for an answer in another form; empty = the page with help",
    )
    name: str = _setting("Doorway", "DOORWAY_NAME", "what the service calls itself on pages and in the widget")
    colour: str = _setting(
        "", "DOORWAY_COLOUR", "colour of buttons and headings, #rrggbb, dark enough for white letters; empty = ours"
    )
    start_topics: str = _setting(
        "", "DOORWAY_START_TOPICS", "topic ids of the first screen, separated by spaces; empty = ours"
    )
    public_url: str = _setting(
        "", "DOORWAY_PUBLIC_URL", "address under which people reach this server, for QR codes and links"
    )
    allowed_sites: str = _setting(
        "", "DOORWAY_ALLOWED_SITES", "exact origins that may embed the widget, separated by spaces"
    )
    languages: str = _setting("", "DOORWAY_LANGUAGES", "language tags to offer, separated by spaces; empty = all")
    retention_hours: int = _setting(24, "DOORWAY_RETENTION_HOURS", "how long conversation text is kept")
    text_limit: int = _setting(1000, "DOORWAY_TEXT_LIMIT", "longest message in characters")
    messages_per_minute: int = _setting(15, "DOORWAY_MESSAGES_PER_MINUTE", "per session")
    messages_per_day: int = _setting(200, "DOORWAY_MESSAGES_PER_DAY", "per session")
    sessions_per_hour: int = _setting(60, "DOORWAY_SESSIONS_PER_HOUR", "new sessions per network address")
    requests_per_minute: int = _setting(240, "DOORWAY_REQUESTS_PER_MINUTE", "requests per network address")
    trust_proxy: bool = _setting(False, "DOORWAY_TRUST_PROXY", "1 = take the client's address from X-Forwarded-For")
    postcodes_url: str = _setting(
        "",
        "DOORWAY_POSTCODES_URL",
        "address of a service like postcodes.io, best your own, that is asked for exact postcodes; empty = none",
    )
    directions_url: str = _setting(
        "",
        "DOORWAY_DIRECTIONS_URL",
        "where the way to a place is shown, with {latitude} and {longitude} in it, best a map of your own; "
        "empty = no such links",
    )
    oidc_issuer: str = _setting(
        "",
        "DOORWAY_OIDC_ISSUER",
        "OpenID Connect issuer where staff sign in to the console; empty = local accounts only",
    )
    oidc_client_id: str = _setting("", "DOORWAY_OIDC_CLIENT_ID", "id of this service at that issuer")
    oidc_client_secret: str = _setting(
        "", "DOORWAY_OIDC_CLIENT_SECRET", "its secret; empty = a public client, by PKCE alone", secret=True
    )
    oidc_role_claim: str = _setting(
        "groups", "DOORWAY_OIDC_ROLE_CLAIM", "claim of the ID token with the groups; dots lead into objects"
    )
    oidc_roles: str = _setting(
        "",
        "DOORWAY_OIDC_ROLES",
        "which group has which role, like: Advice team=tester, Team leads=admin; empty = only people who were invited",
    )
    telegram_token: str = _setting(
        "", "DOORWAY_TELEGRAM_TOKEN", "token of the Telegram bot, from BotFather", secret=True
    )
    telegram_secret: str = _setting(
        "",
        "DOORWAY_TELEGRAM_SECRET",
        "what Telegram must send along with every update, 1-256 of A-Z a-z 0-9 _ -",
        secret=True,
    )
    telegram_url: str = _setting("https://api.telegram.org", "DOORWAY_TELEGRAM_URL", "address of the Telegram Bot API")
    whatsapp_token: str = _setting(
        "", "DOORWAY_WHATSAPP_TOKEN", "WhatsApp Cloud API: token of the system user", secret=True
    )
    whatsapp_phone_id: str = _setting("", "DOORWAY_WHATSAPP_PHONE_ID", "WhatsApp Cloud API: id of the phone number")
    whatsapp_app_secret: str = _setting(
        "", "DOORWAY_WHATSAPP_APP_SECRET", "WhatsApp Cloud API: secret of the app, signs the webhooks", secret=True
    )
    whatsapp_verify_token: str = _setting(
        "", "DOORWAY_WHATSAPP_VERIFY_TOKEN", "WhatsApp Cloud API: what you type as verify token", secret=True
    )
    messenger_token: str = _setting("", "DOORWAY_MESSENGER_TOKEN", "Messenger: token of the page", secret=True)
    messenger_app_secret: str = _setting(
        "", "DOORWAY_MESSENGER_APP_SECRET", "Messenger: secret of the app, signs the webhooks", secret=True
    )
    messenger_verify_token: str = _setting(
        "", "DOORWAY_MESSENGER_VERIFY_TOKEN", "Messenger: what you type as verify token", secret=True
    )
    meta_url: str = _setting(
        "https://graph.facebook.com/v25.0",
        "DOORWAY_META_URL",
        "address and version of Meta's Graph API, for WhatsApp and Messenger",
    )
    twilio_account: str = _setting("", "DOORWAY_TWILIO_ACCOUNT", "Twilio: account SID")
    twilio_token: str = _setting("", "DOORWAY_TWILIO_TOKEN", "Twilio: primary auth token", secret=True)
    twilio_sms_from: str = _setting(
        "", "DOORWAY_TWILIO_SMS_FROM", "Twilio: number (+44...) or messaging service (MG...) of text messages"
    )
    twilio_whatsapp_from: str = _setting(
        "", "DOORWAY_TWILIO_WHATSAPP_FROM", "Twilio: number (+44...) of WhatsApp through Twilio"
    )
    twilio_url: str = _setting("https://api.twilio.com", "DOORWAY_TWILIO_URL", "address of the Twilio API")
    log_level: str = _setting("INFO", "DOORWAY_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR; no level logs message text")

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ConfigError(f"DOORWAY_PORT must be between 0 and 65535, not {self.port}")
        for spec in fields(self):
            if spec.name in AT_LEAST_ONE and getattr(self, spec.name) < 1:
                raise ConfigError(f"{spec.metadata['env']} must be at least 1")
        if self.secret_key and len(self.secret_key) < 32:
            raise ConfigError("DOORWAY_SECRET_KEY must have at least 32 characters")
        if self.database_url and not self.database_url.startswith(("postgresql://", "postgres://", "sqlite:///")):
            raise ConfigError("DATABASE_URL must start with postgresql:// or sqlite:///")
        if self.redis_url and not self.redis_url.startswith(("redis://", "rediss://", "unix://")):
            raise ConfigError("REDIS_URL must start with redis://, rediss:// or unix://")
        for origin in self.site_origins:
            if not ORIGIN.fullmatch(origin):
                raise ConfigError(f"DOORWAY_ALLOWED_SITES: {origin} is not an origin like https://www.example.org")
        if self.telegram_secret and not SECRET.fullmatch(self.telegram_secret):
            raise ConfigError("DOORWAY_TELEGRAM_SECRET takes 1 to 256 of A-Z a-z 0-9 _ -")
        for name in ("telegram_url", "meta_url", "twilio_url"):
            if not getattr(self, name).startswith(("https://", "http://")):
                raise ConfigError(f"DOORWAY_{name.upper()} must start with https://")
        if self.contact and not (EMAIL.fullmatch(self.contact) or TELEPHONE.fullmatch(self.contact)):
            raise ConfigError("DOORWAY_CONTACT must be one e-mail address or one telephone number")
        if self.directions_url and not DIRECTIONS.fullmatch(self.directions_url):
            raise ConfigError(
                "DOORWAY_DIRECTIONS_URL must start with https:// and have {latitude} and {longitude} in it"
            )
        if self.colour and not COLOUR.fullmatch(self.colour):
            raise ConfigError(f"DOORWAY_COLOUR must look like #0e5550, not {self.colour}")
        if self.colour and contrast(self.colour, WHITE) < READABLE:
            raise ConfigError(f"DOORWAY_COLOUR: white letters on {self.colour} cannot be read; choose a darker colour")
        if self.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ConfigError("DOORWAY_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")

    @property
    def site_origins(self) -> tuple[str, ...]:
        """Origins that may embed the widget."""
        return tuple(self.allowed_sites.split())

    @property
    def contact_url(self) -> str:
        """The contact as a link: `mailto:` or `tel:`; empty without one."""
        if not self.contact:
            return ""
        return f"mailto:{self.contact}" if "@" in self.contact else f"tel:{self.contact.replace(' ', '')}"

    @property
    def is_postgres(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self.database_url.startswith("postgres")


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Return settings from the environment; keyword arguments win.

    Raises:
        ConfigError: a value cannot be read or is out of range. The message names the variable.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for spec in fields(Settings):
        raw = environ.get(spec.metadata["env"], "").strip()
        if raw:
            values[spec.name] = _read(raw, type(spec.default), spec.metadata["env"])
    values.update({name: value for name, value in overrides.items() if value is not None})
    return Settings(**values)


def _read(raw: str, kind: type, name: str) -> Any:
    if kind is bool:
        if raw.lower() in ("1", "true", "yes", "on"):
            return True
        if raw.lower() in ("0", "false", "no", "off"):
            return False
        raise ConfigError(f"{name} must be 1 or 0, not {raw!r}")
    if kind is int:
        try:
            return int(raw)
        except ValueError:
            raise ConfigError(f"{name} must be a whole number, not {raw!r}") from None
    return raw
