"""What the platforms deliver, in their recorded shapes, signed; and a world in which all of them are on."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp.test_utils import TestClient

from bot.core.settings import Settings, load_settings
from tests.contract.providers import MessengerProvider, Provider, TelegramProvider, TwilioProvider, WhatsAppProvider

TELEGRAM_SECRET = "telegram-secret"
PUBLIC_URL = "https://doorway.example.org"
CHANNELS = ("telegram", "whatsapp", "messenger", "sms", "whatsapp_twilio")
numbers = itertools.count(1)


@dataclass(frozen=True)
class Delivery:
    """A request of a platform."""

    path: str
    raw: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def hub(path: str, body: Any, secret: str) -> Delivery:
    return hub_raw(path, json.dumps(body).encode(), secret)


def hub_raw(path: str, raw: bytes, secret: str) -> Delivery:
    signature = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return Delivery(path, raw, {"X-Hub-Signature-256": signature, "Content-Type": "application/json"})


def telegram_update(person: str, update_id: int | None = None, date: float | None = None, **message: Any) -> Delivery:
    number = update_id or next(numbers)
    content = {
        "message_id": number,
        "from": {"id": int(person), "is_bot": False, "first_name": "A", "language_code": "en"},
        "chat": {"id": int(person), "type": "private", "first_name": "A"},
        "date": int(date or time.time()),
        **message,
    }
    return telegram_raw({"update_id": number, "message": content})


def telegram_raw(update: Any, secret: str = TELEGRAM_SECRET) -> Delivery:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
    return Delivery("/channels/telegram", json.dumps(update).encode(), headers)


def telegram_tap(person: str, data: str, keyboard: Any = None) -> Delivery:
    number = next(numbers)
    message: dict[str, Any] = {"message_id": 5, "date": 0, "chat": {"id": int(person), "type": "private"}}
    if keyboard:
        message["reply_markup"] = keyboard
    query = {"id": f"q{number}", "from": {"id": int(person)}, "message": message, "data": data}
    return telegram_raw({"update_id": number, "callback_query": query})


def whatsapp_value(**value: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "447700900123", "phone_number_id": WhatsAppProvider.phone_id}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


def whatsapp_message(person: str, message_id: str = "", date: float | None = None, **message: Any) -> dict[str, Any]:
    contact = {"profile": {"name": "A"}, "wa_id": person}
    number = message_id or f"wamid.{next(numbers)}"
    content = {"id": number, "from": person, "timestamp": str(int(date or time.time())), **message}
    return whatsapp_value(contacts=[contact], messages=[content])


def whatsapp(body: Any) -> Delivery:
    return hub("/channels/whatsapp", body, WhatsAppProvider.app_secret)


def whatsapp_receipt(receipt: str, status: str = "sent") -> Delivery:
    state = {"id": "wamid.out", "status": status, "timestamp": "1", "biz_opaque_callback_data": receipt}
    return whatsapp(whatsapp_value(statuses=[state]))


def messenger_event(person: str, date: float | None = None, **event: Any) -> dict[str, Any]:
    moment = int((date or time.time()) * 1000)
    item = {"sender": {"id": person}, "recipient": {"id": "99"}, "timestamp": moment, **event}
    return {"object": "page", "entry": [{"id": "99", "time": moment, "messaging": [item]}]}


def messenger(body: Any) -> Delivery:
    return hub("/channels/messenger", body, MessengerProvider.app_secret)


def twilio(channel: str, query: str = "", **fields: str) -> Delivery:
    form = {"AccountSid": TwilioProvider.account, "NumMedia": "0", "To": "+447700900000", **fields}
    path = f"/channels/{channel}{query}"
    signed = PUBLIC_URL + path + "".join(name + form[name] for name in sorted(form))
    digest = hmac.new(TwilioProvider.token.encode(), signed.encode(), hashlib.sha1).digest()
    headers = {
        "X-Twilio-Signature": base64.b64encode(digest).decode(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Delivery(path, urlencode(form).encode(), headers)


def text_delivery(channel: str, person: str, text: str, message_id: str = "") -> Delivery:
    """What a channel delivers when somebody writes a text. `message_id`: a number as text."""
    number = message_id or str(next(numbers))
    if channel == "telegram":
        return telegram_update(person, int(number), text=text)
    if channel == "whatsapp":
        return whatsapp(whatsapp_message(person, f"wamid.{number}", type="text", text={"body": text}))
    if channel == "messenger":
        return messenger(messenger_event(person, message={"mid": f"m.{number}", "text": text}))
    sender = f"whatsapp:+{person}" if channel == "whatsapp_twilio" else f"+{person}"
    return twilio(channel, MessageSid=f"SM{number}", From=sender, Body=text)


def address_of(channel: str, person: str) -> str:
    """Where the answer goes."""
    return {"sms": f"+{person}", "whatsapp_twilio": f"whatsapp:+{person}"}.get(channel, person)


@dataclass
class World:
    """An application with every channel on, and the platforms around it."""

    client: TestClient[Any, Any]
    providers: dict[str, Provider]

    async def deliver(self, delivery: Delivery) -> int:
        response = await self.client.post(delivery.path, data=delivery.raw, headers=dict(delivery.headers))
        return response.status

    async def writes(self, channel: str, person: str, text: str, replies: int = 1) -> list[str]:
        """Deliver a text and return the replies to it."""
        return await self.replies(channel, text_delivery(channel, person, text), replies)

    async def replies(self, channel: str, delivery: Delivery, replies: int = 1) -> list[str]:
        provider = self.providers[channel]
        before = len(provider.said)
        assert await self.deliver(delivery) == 200
        said = await provider.until(before + replies)
        return [one.text for one in said[before:]]


def all_on(providers: Mapping[str, Provider], **more: Any) -> Settings:
    """Settings under which every channel talks to its provider."""
    limits = dict.fromkeys(("messages_per_minute", "messages_per_day", "requests_per_minute"), 1_000_000)
    return load_settings(
        {},
        secret_key="k" * 32,
        public_url=PUBLIC_URL,
        telegram_token=TelegramProvider.token,
        telegram_secret=TELEGRAM_SECRET,
        telegram_url=providers["telegram"].url,
        whatsapp_token=WhatsAppProvider.token,
        whatsapp_phone_id=WhatsAppProvider.phone_id,
        whatsapp_app_secret=WhatsAppProvider.app_secret,
        whatsapp_verify_token=WhatsAppProvider.verify_token,
        meta_url=f"{providers['whatsapp'].url}/v25.0",
        messenger_token=MessengerProvider.token,
        messenger_app_secret=MessengerProvider.app_secret,
        messenger_verify_token=MessengerProvider.verify_token,
        twilio_account=TwilioProvider.account,
        twilio_token=TwilioProvider.token,
        twilio_sms_from=TwilioProvider.sms_from,
        twilio_whatsapp_from=TwilioProvider.whatsapp_from,
        twilio_url=providers["sms"].url,
        **{**limits, **more},
    )
