"""The texts and facts that `widget/chat.js` and `widget/pages.js` need, given in the page as data."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.i18n.locales import Locale
from bot.i18n.speech import Speech
from bot.web.keys import SETTINGS
from bot.web.pages.site import SAFE_PLACE, asset_version

CARD_TEXTS = (
    "answer.show_english", "answer.simpler", "answer.copy", "answer.copied", "answer.save", "answer.share",
    "answer.print", "answer.read_aloud", "answer.stop_reading", "answer.desk_meaning", "answer.desk_open", "chat.close",
)  # fmt: skip
CHAT_TEXTS = (
    "answer.open_page", "answer.to_phone", "answer.to_phone_note", "page.scan",
    "answer.choose", "answer.related", "contact.call", "contact.day_and_night", "composer.left",
    "message.you", "message.assistant", "message.sending", "message.waiting", "message.failed", "message.offline",
    "message.online", "message.retry", "chat.delete_question", "chat.delete", "chat.cancel",
    "feedback.question", "feedback.good", "feedback.bad", "feedback.thanks",
    "error.empty", "error.too_long", "error.unknown_session", "error.server_error",
)  # fmt: skip


def interface_for_script(request: web.Request, locale: Locale, *, chat: bool = True) -> dict[str, Any]:
    """Return what a script is told; texts by their key, names in braces left for the script to fill."""
    speech, settings = Speech(locale.tag), request.app[SETTINGS]
    names = (*CARD_TEXTS, *CHAT_TEXTS) if chat else CARD_TEXTS
    return {
        "language": locale.tag,
        "assets": f"/assets/{asset_version()}",
        "safe": SAFE_PLACE,
        "limit": settings.text_limit,
        "texts": {name: speech.ui(name).text for name in names},
    }
