"""People who talk to a server side by side, each in one language, and what must be true of each one's history.

Who is to blame is read from the answers alone: an answer of somebody else has another language, topic or message id;
one that was lost or said twice shows in the numbers of the history.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import aiohttp

# Language → its questions, each with its topic; the last line of each asks for what was said before.
SAID_AGAIN = ""
TALK = {
    "en": (
        ("Which English test do I need for British citizenship?", "esol_citizenship"),
        ("klarna, credit card and loan from internet, owe 6000 cant pay", "debt_help"),
        ("How do I join the housing register?", "register_join"),
        ("How do I register with a GP?", "gp_register"),
        ("repeat that please", SAID_AGAIN),
    ),
    "pl": (
        ("Jak wygenerować share code?", "evisa_share_code"),
        ("Gdzie zdaje się Life in the UK?", "esol_citizenship"),
        ("jak umowic sie do Citizens Advice", "find_adviser"),
        ("powtórz proszę", SAID_AGAIN),
    ),
    "ar": (
        ("كيف أقدم شكوى رسمية ضد موظف في البلدية عاملني بوقاحة؟", "complaint"),
        ("كيف أحصل على share code من حساب UKVI؟", "evisa_share_code"),
        ("استلمت إشعار Section 21 من المالك، ما معناه وما هي المهلة؟", "eviction_notice"),
        ("كرر من فضلك", SAID_AGAIN),
    ),
    "ro": (
        ("Cum îmi deschid cont bancar dacă abia am venit în Anglia?", "bank_account"),
        ("Am primit Section 21, ce fac acum?", "eviction_notice"),
        ("avocat legal aid locuinte", "find_adviser"),
        ("repetă te rog", SAID_AGAIN),
    ),
    "pt": (
        ("O que é o council tax e quem o paga?", "council_tax"),
        ("Que banco abre conta sem comprovativo de morada?", "bank_account"),
        ("housing association nunca resolve nada, quero abrir reclamaçao oficial", "complaint"),
        ("repita por favor", SAID_AGAIN),
    ),
}
LANGUAGES = tuple(TALK)
RETRIED = 0.1  # share of the messages that are sent a second time at once, as after a lost connection
PATIENCE = 300  # tries until a message counts as lost
PAUSE = 0.1  # seconds between them


@dataclass
class Sent:
    """A message and the answer it got."""

    message_id: str
    text: str
    topic: str
    began: float  # of the monotonic clock
    seconds: float
    answer: dict[str, Any]


@dataclass
class Conversation:
    """What one person said and got."""

    language: str
    sent: list[Sent] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    tries: int = 0  # requests that got no answer

    def problems(self) -> Iterator[str]:
        """Yield what was mixed, lost or doubled: one word a finding."""
        numbers = [message["number"] for message in self.history]
        if numbers != list(range(1, len(numbers) + 1)):
            yield "numbers"
        stored = [(key, list(group)) for key, group in groupby(self.history, lambda message: message["client_msg_id"])]
        for message_id in [sent.message_id for sent in self.sent if sent.message_id not in dict(stored)]:
            yield f"lost {message_id}"
        if [key for key, _ in stored] != [sent.message_id for sent in self.sent]:
            yield "order or number of the turns"
        for sent in self.sent:
            if sent.answer["messages"] != dict(stored).get(sent.message_id):
                yield "the history is not what was answered"
            if {message["asked"] for message in sent.answer["messages"]} != {sent.text}:
                yield "an answer to something else"
            if sent.answer["messages"][0]["topic"] != sent.topic or sent.answer["language"] != self.language:
                yield f"{sent.answer['messages'][0]['topic']} in {sent.answer['language']} is not {sent.topic}"


class Person:
    """Somebody who asks one thing after another. `url`: of the server; `number`: decides what they ask."""

    def __init__(
        self, client: aiohttp.ClientSession, url: str, number: int, on_answer: Callable[[], None] | None = None
    ) -> None:
        self._on_answer = on_answer
        self._client, self._url = client, url
        self._chance = random.Random(number)
        self._number = number
        self.conversation = Conversation(LANGUAGES[number % len(LANGUAGES)])

    async def talk(self, turns: int, pace: Callable[[], Awaitable[None]] | None = None) -> Conversation:
        """Hold a conversation of so many turns and return it with what the server has kept of it.

        `pace` is waited for before each question.
        """
        opened = await self._ask("POST", "/api/v1/sessions", json={"language": self.conversation.language})
        headers = {"Authorization": f"Bearer {opened['token']}"}
        questions = TALK[self.conversation.language]
        topic, position = "", self._number % (len(questions) - 1)
        for _ in range(turns):
            text, asked = questions[position % len(questions)]
            position += 1
            topic = asked or topic
            if pace:
                await pace()
            await self._say(text, topic, headers)
        kept = await self._ask("GET", "/api/v1/messages?after=0", headers=headers)
        self.conversation.history = kept["messages"]
        return self.conversation

    async def _say(self, text: str, topic: str, headers: dict[str, str]) -> None:
        message_id = uuid.uuid4().hex
        body = {"client_msg_id": message_id, "text": text}
        times = 2 if self._chance.random() < RETRIED else 1
        began = time.monotonic()
        answers = await asyncio.gather(
            *(self._ask("POST", "/api/v1/messages", json=body, headers=headers) for _ in range(times))
        )
        seconds = time.monotonic() - began
        assert all(answer == answers[0] for answer in answers), "two answers to one message"
        self.conversation.sent.append(Sent(message_id, text, topic, began, seconds, answers[0]))
        if self._on_answer:
            self._on_answer()

    async def _ask(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        """Ask until there is an answer, as the widget does: with the same message id each time."""
        for _ in range(PATIENCE):
            try:
                async with self._client.request(method, self._url + path, **arguments) as response:
                    if response.status in (200, 201):
                        answer: dict[str, Any] = await response.json()
                        return answer
                    assert response.status in (502, 503, 504), f"{response.status}: {await response.text()}"
            except (aiohttp.ClientError, asyncio.TimeoutError):
                pass
            self.conversation.tries += 1
            await asyncio.sleep(PAUSE)
        raise AssertionError(f"no answer to {method} {path}")


async def talk_all(
    client: aiohttp.ClientSession,
    urls: list[str],
    people: int,
    turns: int,
    *,
    on_answer: Callable[[], None] | None = None,
) -> list[Conversation]:
    """Let people talk side by side, each with the next of the servers; return their conversations.

    `on_answer` is called after each answer.
    """
    talks = (Person(client, urls[number % len(urls)], number, on_answer).talk(turns) for number in range(people))
    return list(await asyncio.gather(*talks))
