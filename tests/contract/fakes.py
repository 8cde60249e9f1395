"""An assistant with the real one's interface and no model: it repeats what it was asked."""

from __future__ import annotations

from bot.answers.choices import ACT_PAYLOAD, LANGUAGE_PAYLOAD, TOPIC_PAYLOAD
from bot.answers.compose import compose
from bot.answers.model import Answer, Block, Choice, Line
from bot.answers.say import say_topic
from bot.answers.withdrawn import Withdrawn
from bot.assistant import Reply
from bot.core.errors import UserInputError
from bot.i18n.locales import get_locale


class FakeAssistant:
    """Answers `hello` as a greeting, `menu` with buttons, `delete` with an erasure, `poison` not at all."""

    def __init__(self) -> None:
        self.withdrawn = Withdrawn()

    async def answer_text(
        self,
        conversation_id: str,
        state: str | None,
        text: str,
        *,
        language: str | None = None,
        language_hint: str | None = None,
        slots: dict[str, str] | None = None,
    ) -> Reply:
        spoken = language or language_hint or "en"
        if text == "poison":
            raise RuntimeError("cannot be understood")
        if text.startswith("topic "):
            return Reply(spoken, text[6:], 1.0, (compose(say_topic(text[6:]), spoken),), '{"slots":{}}')
        choices = (
            tuple(Choice(Line(name, name), TOPIC_PAYLOAD + name.lower()) for name in ("Repairs", "Bins"))
            if text == "menu"
            else ()
        )
        topic = {"hello": "greet", "delete": "erase"}.get(text, "repairs")
        return Reply(spoken, topic, 1.0, (_answer(spoken, f"re: {text}", choices),), "{}", erase=text == "delete")

    async def answer_choice(
        self,
        conversation_id: str,
        state: str | None,
        payload: str,
        *,
        language: str | None = None,
        slots: dict[str, str] | None = None,
    ) -> Reply:
        spoken = language or "en"
        if payload.startswith(LANGUAGE_PAYLOAD):
            spoken = payload.removeprefix(LANGUAGE_PAYLOAD)
        elif not payload.startswith((TOPIC_PAYLOAD, ACT_PAYLOAD)):
            raise UserInputError("unknown_choice")
        return Reply(spoken, "change_language", 1.0, (_answer(spoken, f"chosen: {payload}", ()),), "{}")

    def close(self) -> None:
        """Nothing runs."""


def _answer(language: str, text: str, choices: tuple[Choice, ...]) -> Answer:
    block = Block("text", lines=(Line(text, text),))
    return Answer(language, get_locale(language).direction, blocks=(block,), choices=choices)
