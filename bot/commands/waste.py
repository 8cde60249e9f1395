"""`doorway waste`: which bin for a thing."""

from __future__ import annotations

from typing import Any

from bot.core.errors import UserInputError
from bot.i18n.locales import SOURCE_LANGUAGE, find_locale
from bot.i18n.speech import Speech
from bot.waste.items import find_item, shown_name
from bot.waste.rules import load_texts
from bot.waste.schemes import where


def waste(text: str, *, area: str | None = None, language: str | None = None) -> dict[str, Any]:
    """Return where the thing named in a text goes, with the sentences to say, in the language where translated.

    Raises:
        UserInputError: `unknown_item`, or `unknown_language`.
    """
    locale = find_locale(language or SOURCE_LANGUAGE)
    if locale is None:
        raise UserInputError("unknown_language", detail=str(language)[:20])
    item = find_item(text, locale.tag)
    if item is None:
        raise UserInputError("unknown_item")
    disposal = where(item, area)
    speech, texts = Speech(locale.tag), load_texts()

    def said(key: str, **values: object) -> str:
        return speech.say(f"waste.{key}", texts[key], **values).text

    colour = said(f"colour.{disposal.colour}") if disposal.colour else None
    return {
        "item": item.id,
        "name": shown_name(item, locale.tag),
        "material": item.material,
        "container": disposal.container,
        "colour": disposal.colour,
        "local": disposal.is_local,
        "hazard": disposal.hazard,
        "notes": [said(key, colour=colour) if colour else said(key) for key in disposal.instructions],
        "source": disposal.source,
        "checked": disposal.checked.isoformat(),
        "status": disposal.status,
    }
