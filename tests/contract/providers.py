"""Stand-ins for the platforms on a loopback port: they check what the real ones would check, and fail on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import BasicAuth, web

OK = "ok"
Plan = Callable[[int], str]  # number of the call, from 1 → ok, limited, broken, stalled, gone, blocked, silent
SILENT_SECONDS = 20.0  # longer than a server waits for an answer


def units(text: str) -> int:
    """The length as the platforms count it."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True)
class Said:
    """A message the provider took."""

    person: str
    text: str
    payload: dict[str, Any]
    receipt: str = ""


@dataclass
class Provider:
    """A platform that is not there. `said`: what it took, in order; `refused`: why it took something not."""

    plan: Plan = lambda _number: OK
    said: list[Said] = field(default_factory=list)
    asides: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    calls: int = 0
    url: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    runner: web.AppRunner | None = None
    on_taken: Callable[[Said], Any] | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=1_000_000)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", port)
        await site.start()
        host, number = self.runner.addresses[0][:2]
        self.url = f"http://{host}:{number}"

    async def stop(self) -> None:
        if self.runner:
            await self.runner.cleanup()

    async def until(self, number: int, seconds: float = 20.0) -> list[Said]:
        """Wait until so many messages were taken and return all."""

        async def wait() -> None:
            while len(self.said) < number:
                self.changed.clear()
                await self.changed.wait()

        try:
            await asyncio.wait_for(wait(), seconds)
        except asyncio.TimeoutError:
            raise AssertionError(f"{len(self.said)} of {number} messages; refused: {self.refused[:3]}") from None
        return self.said

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        act = self.plan(self.calls)
        if act == "broken":
            return web.json_response({"error": "broken"}, status=500)
        if act == "limited":
            return self.limited()
        if act == "blocked":
            return self.blocked()
        if act == "gone":  # the connection ends without an answer, nothing was taken
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if act == "silent":  # the connection stays open, nothing was taken
            await asyncio.sleep(SILENT_SECONDS)
            return web.Response(status=504)
        response = await self.take(request)
        self.changed.set()
        if act == "stalled":  # taken, but the answer never comes
            assert request.transport is not None
            request.transport.close()
        return response

    def refuse(self, why: str, status: int = 400) -> web.Response:
        self.refused.append(why)
        return web.json_response(
            {"ok": False, "description": why, "error": {"code": 100, "message": why}}, status=status
        )

    def took(self, said: Said) -> None:
        self.said.append(said)
        if self.on_taken:
            self.on_taken(said)

    def limited(self) -> web.Response:
        return web.json_response({}, status=429, headers={"Retry-After": "1"})

    def blocked(self) -> web.Response:
        return web.json_response({}, status=403)

    async def take(self, request: web.Request) -> web.Response:
        raise NotImplementedError


class TelegramProvider(Provider):
    """The Bot API of one bot."""

    token = "12345:TOKEN"

    def limited(self) -> web.Response:
        body = {"ok": False, "error_code": 429, "parameters": {"retry_after": 1}}
        return web.json_response(body, status=429)

    def blocked(self) -> web.Response:
        return web.json_response({"ok": False, "error_code": 403, "description": "blocked by the user"}, status=403)

    async def take(self, request: web.Request) -> web.Response:
        bot, _, method = request.match_info["path"].partition("/")
        if bot != f"bot{self.token}":
            return self.refuse("unauthorised", 401)
        body = await request.json()
        if method in ("answerCallbackQuery", "editMessageReplyMarkup"):
            self.asides.append({"method": method, **body})
            return web.json_response({"ok": True, "result": True})
        if method != "sendMessage":
            return self.refuse(f"no method {method}", 404)
        if "parse_mode" in body or not 1 <= units(body["text"]) <= 4096 or body["text"] != body["text"].strip():
            return self.refuse("text")
        for row in body.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if not button["text"] or not 1 <= len(button["callback_data"].encode()) <= 64 or len(row) > 8:
                    return self.refuse("button")
        if not str(body["chat_id"]).lstrip("-").isdigit():
            return self.refuse("chat not found")
        self.took(Said(str(body["chat_id"]), body["text"], body))
        return web.json_response({"ok": True, "result": {"message_id": len(self.said)}})


def dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class WhatsAppProvider(Provider):
    """The Cloud API of one phone number; what is meant for Messenger is handed on."""

    messenger: MessengerProvider | None = None
    token, phone_id, app_secret, verify_token = "wa-token", "1055", "wa-secret", "wa-verify"

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if self.messenger and request.match_info["path"].endswith("/me/messages"):
            return await self.messenger._handle(request)
        return await super()._handle(request)

    async def take(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return self.refuse("unauthorised", 401)
        body = await request.json()
        if request.match_info["path"] != f"v25.0/{self.phone_id}/messages" or body["messaging_product"] != "whatsapp":
            return self.refuse("address")
        if body.get("status") == "read":
            self.asides.append(body)
            return web.json_response({"success": True})
        person = body.get("to") or body.get("recipient")
        if not person or body["recipient_type"] != "individual" or ("to" in body and not body["to"].isdigit()):
            return self.refuse("recipient")
        if len(body["biz_opaque_callback_data"]) > 512:
            return self.refuse("callback data")
        why, text = self._content(body)
        if why:
            return self.refuse(why)
        self.took(Said(person, text, body, body["biz_opaque_callback_data"]))
        return web.json_response({"messages": [{"id": f"wamid.out{len(self.said)}"}]})

    def _content(self, body: dict[str, Any]) -> tuple[str, str]:
        if body["type"] == "text":
            text = body["text"]["body"]
            return ("" if 1 <= units(text) <= 4096 else "text"), text
        interactive = body["interactive"]
        text, action = interactive["body"]["text"], interactive["action"]
        if interactive["type"] == "button":
            titles = [button["reply"]["title"] for button in action["buttons"]]
            ids = [button["reply"]["id"] for button in action["buttons"]]
            fits = units(text) <= 1024 and len(ids) <= 3 and all(1 <= units(title) <= 20 for title in titles)
        else:
            rows = [row for section in action["sections"] for row in section["rows"]]
            titles, ids = [row["title"] for row in rows], [row["id"] for row in rows]
            fits = units(text) <= 4096 and len(rows) <= 10 and 1 <= units(action["button"]) <= 20
            fits = fits and all(1 <= units(row["title"]) <= 24 for row in rows)
            fits = fits and all(1 <= units(row.get("description", "-")) <= 72 for row in rows)
        unique = len(set(titles)) == len(titles) and len(set(ids)) == len(ids) and all(ids)
        return ("" if fits and unique and text else "interactive"), text


class MessengerProvider(Provider):
    """The Send API of one page."""

    token, app_secret, verify_token = "page-token", "page-secret", "page-verify"

    async def take(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return self.refuse("unauthorised", 401)
        body = await request.json()
        message = body["message"]
        if request.match_info["path"] != "v25.0/me/messages" or body["messaging_type"] != "RESPONSE":
            return self.refuse("address")
        if not 1 <= units(message["text"]) <= 2000 or len(message["metadata"]) > 1000:
            return self.refuse("text")
        replies = message.get("quick_replies", [])
        if len(replies) > 13 or not all(
            reply["content_type"] == "text" and 1 <= units(reply["title"]) <= 20 and 1 <= len(reply["payload"]) <= 1000
            for reply in replies
        ):
            return self.refuse("quick replies")
        self.took(Said(body["recipient"]["id"], message["text"], body, message["metadata"]))
        return web.json_response({"recipient_id": body["recipient"]["id"], "message_id": f"m_{len(self.said)}"})


class TwilioProvider(Provider):
    """The messages of one account."""

    account, token = "AC" + "0" * 32, "twilio-token"
    sms_from, whatsapp_from = "+447700900000", "+447700900001"

    def blocked(self) -> web.Response:
        return web.json_response({"code": 21610, "message": "unsubscribed"}, status=400)

    async def take(self, request: web.Request) -> web.Response:
        if BasicAuth.decode(request.headers["Authorization"]) != BasicAuth(self.account, self.token):
            return self.refuse("unauthorised", 401)
        form = await request.post()
        if request.match_info["path"] != f"2010-04-01/Accounts/{self.account}/Messages.json":
            return self.refuse("address", 404)
        person, text = str(form["To"]), str(form["Body"])
        is_whatsapp = person.startswith("whatsapp:")
        if form["From"] != (f"whatsapp:{self.whatsapp_from}" if is_whatsapp else self.sms_from):
            return self.refuse("from")
        if not 1 <= units(text) <= 1600:
            return self.refuse("body")
        receipt = parse_qs(urlsplit(str(form["StatusCallback"])).query)["receipt"][0]
        self.took(Said(person, text, dict(form), receipt))
        return web.json_response({"sid": f"SM{len(self.said)}", "status": "queued"}, status=201)
