"""Which messaging platforms are on: those whose settings are complete."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels import messenger, telegram, twilio, whatsapp
from bot.channels.platform import Platform
from bot.core.settings import Settings

# Channel → the settings it needs, by field name.
NEEDED = {
    telegram.NAME: ("telegram_token", "telegram_secret"),
    whatsapp.NAME: ("whatsapp_token", "whatsapp_phone_id", "whatsapp_app_secret", "whatsapp_verify_token"),
    messenger.NAME: ("messenger_token", "messenger_app_secret", "messenger_verify_token"),
    twilio.SMS: ("twilio_account", "twilio_token", "twilio_sms_from", "public_url"),
    twilio.WHATSAPP: ("twilio_account", "twilio_token", "twilio_whatsapp_from", "public_url"),
}
CHANNELS = tuple(NEEDED)


def missing_settings(settings: Settings, channel: str) -> list[str]:
    """Return the settings (field names) that a channel lacks; empty when it is on."""
    return [name for name in NEEDED[channel] if not getattr(settings, name)]


def load_platforms(settings: Settings) -> dict[str, Platform]:
    """Return the platforms that are on, by channel name."""
    return {name: make() for name, make in _makers(settings).items() if not missing_settings(settings, name)}


def _makers(settings: Settings) -> dict[str, Callable[[], Platform]]:
    def through_twilio(name: str, sender: str) -> Platform:
        return twilio.twilio(
            name,
            settings.twilio_account,
            settings.twilio_token,
            sender,
            settings.public_url,
            _base(settings.twilio_url),
        )

    meta = _base(settings.meta_url)
    return {
        telegram.NAME: lambda: telegram.telegram(
            settings.telegram_token, settings.telegram_secret, _base(settings.telegram_url)
        ),
        whatsapp.NAME: lambda: whatsapp.whatsapp(
            settings.whatsapp_token,
            settings.whatsapp_phone_id,
            settings.whatsapp_app_secret,
            settings.whatsapp_verify_token,
            meta,
        ),
        messenger.NAME: lambda: messenger.messenger(
            settings.messenger_token, settings.messenger_app_secret, settings.messenger_verify_token, meta
        ),
        twilio.SMS: lambda: through_twilio(twilio.SMS, settings.twilio_sms_from),
        twilio.WHATSAPP: lambda: through_twilio(twilio.WHATSAPP, settings.twilio_whatsapp_from),
    }


def _base(url: str) -> str:
    return url.rstrip("/")
