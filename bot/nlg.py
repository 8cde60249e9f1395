"""Rasa's NLG over the catalogues: a response of the domain in the language of the conversation.

The text is for `rasa shell`; our own channels compose the answer from the `custom` part.
"""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.answers.compose import compose
from bot.answers.render import render_text
from bot.answers.say import say_response
from bot.core.errors import NotFound
from bot.i18n.locales import SOURCE_LANGUAGE


class CatalogueGenerator(NaturalLanguageGenerator):
    """The generator named in endpoints.yml."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        self._domain = domain

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Return the response as text and as something to say; None when the domain has no such response."""
        say = say_response(utter_action)
        language = tracker.get_slot("language") or SOURCE_LANGUAGE
        try:
            return {"text": render_text(compose(say, language)), "custom": say}
        except NotFound:
            return None
