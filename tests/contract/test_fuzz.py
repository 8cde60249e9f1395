"""Whatever is sent: no error of ours, no traceback, answers as described, and nothing of it in the log."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.paths import ROOT
from tests.contract.platforms import CHANNELS, PUBLIC_URL, TELEGRAM_SECRET, Delivery, hub_raw, telegram_raw, twilio
from tests.contract.providers import MessengerProvider, TelegramProvider, TwilioProvider, WhatsAppProvider
from tests.contract.server import ServerProcess
from tests.model import ensure_model

EXAMPLES = 8  # of each operation, beside those that try the limits of the description
FUZZ_SECONDS = 240
MARK = "zebrafish"  # stands in everything that is sent
SECRETS = {"whatsapp": WhatsAppProvider.app_secret, "messenger": MessengerProvider.app_secret}
# Not asked: whether what the description allows is always taken (an empty text is not), and what needs ids of rows.
LEFT_OUT = "positive_data_acceptance,use_after_free,ensure_resource_availability"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The real server with every channel on; nobody listens where it would send."""
    ensure_model()
    nowhere = "http://127.0.0.1:9"
    channels = {
        "DOORWAY_PUBLIC_URL": PUBLIC_URL,
        "DOORWAY_TELEGRAM_TOKEN": TelegramProvider.token,
        "DOORWAY_TELEGRAM_SECRET": TELEGRAM_SECRET,
        "DOORWAY_TELEGRAM_URL": nowhere,
        "DOORWAY_META_URL": nowhere,
        "DOORWAY_TWILIO_URL": nowhere,
        "DOORWAY_WHATSAPP_TOKEN": WhatsAppProvider.token,
        "DOORWAY_WHATSAPP_PHONE_ID": WhatsAppProvider.phone_id,
        "DOORWAY_WHATSAPP_APP_SECRET": WhatsAppProvider.app_secret,
        "DOORWAY_WHATSAPP_VERIFY_TOKEN": WhatsAppProvider.verify_token,
        "DOORWAY_MESSENGER_TOKEN": MessengerProvider.token,
        "DOORWAY_MESSENGER_APP_SECRET": MessengerProvider.app_secret,
        "DOORWAY_MESSENGER_VERIFY_TOKEN": MessengerProvider.verify_token,
        "DOORWAY_TWILIO_ACCOUNT": TwilioProvider.account,
        "DOORWAY_TWILIO_TOKEN": TwilioProvider.token,
        "DOORWAY_TWILIO_SMS_FROM": TwilioProvider.sms_from,
        "DOORWAY_TWILIO_WHATSAPP_FROM": TwilioProvider.whatsapp_from,
    }
    running = ServerProcess(tmp_path_factory.mktemp("fuzz"), DOORWAY_LOG_LEVEL="INFO", **channels)
    running.start()
    yield running
    running.end()


@pytest.fixture(autouse=True)
def _nothing_of_it_in_the_log(server: ServerProcess) -> Iterator[None]:
    before = len(server.log.read_text())
    yield
    written = server.log.read_text()[before:]
    assert MARK not in written
    assert "Traceback" not in written
    assert "unexpected" not in written


def command(server: ServerProcess, *options: str) -> list[str]:
    """Return the call of schemathesis for the running server."""
    return [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{server.url}/openapi.json",
        "--checks=all",
        f"--exclude-checks={LEFT_OUT}",
        "--phases=examples,coverage,fuzzing",
        f"--max-examples={EXAMPLES}",
        "--seed=7",
        "--no-shrink",
        "--continue-on-failure",
        "--request-timeout=30",
        "--no-color",
        *options,
    ]


@pytest.mark.timeout(FUZZ_SECONDS + 60)
def test_requests_made_up_from_the_description_are_answered_as_described(server: ServerProcess, tmp_path: Path) -> None:
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.contract.fuzzing.hooks", "PYTHONPATH": str(ROOT)}
    report = tmp_path / "report.ndjson"
    done = subprocess.run(
        command(server, "--report=ndjson", f"--report-ndjson-path={report}"),
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=FUZZ_SECONDS,
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert int(re.findall(r"(\d+) generated", done.stdout)[0]) >= 100
    answered = set(re.findall(r'"status_code": ?(\d+)', report.read_text()))
    assert {"200", "201", "400", "401", "405"} <= answered  # it came further than the door


# The webhooks

some_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(MARK),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = (
    "object", "entry", "id", "changes", "field", "value", "messages", "statuses", "contacts", "messaging", "sender",
    "message", "mid", "text", "body", "from", "type", "update_id", "chat", "callback_query", "data", "date",
    "timestamp", "postback", "payload", "interactive", "button_reply", "metadata", "phone_number_id", "edited_message",
    "wa_id",
)  # fmt: skip
WORDS = ("page", "whatsapp_business_account", "messages", "private", "text", "interactive", WhatsAppProvider.phone_id)
FIELDS = (
    "MessageSid",
    "From",
    "Body",
    "NumMedia",
    "ButtonText",
    "ButtonPayload",
    "OptOutType",
    "MessageStatus",
    "WaId",
)
# Objects that look much like what platforms deliver, with something wrong anywhere.
alike = st.recursive(
    some_json | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)
anything = st.binary(max_size=200).map(lambda raw: raw + MARK.encode())


def send(server: ServerProcess, delivery: Delivery, method: str = "POST") -> int:
    """Send a request and return its status."""
    body = delivery.raw if method == "POST" else None
    asked = urllib.request.Request(server.url + delivery.path, data=body, headers=dict(delivery.headers), method=method)  # noqa: S310 — loopback
    try:
        with urllib.request.urlopen(asked, timeout=30) as response:  # noqa: S310 — loopback
            return int(response.status)
    except urllib.error.HTTPError as error:
        answer = error.read().decode()
        assert "Traceback" not in answer
        assert MARK not in answer
        return error.code


few = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)


@few
@given(raw=anything, channel=st.sampled_from((*CHANNELS, MARK)), kind=st.sampled_from(("json", "form", "")))
def test_unsigned_bytes_are_refused(server: ServerProcess, raw: bytes, channel: str, kind: str) -> None:
    types = {"json": "application/json", "form": "application/x-www-form-urlencoded", "": "text/plain"}
    status = send(server, Delivery(f"/channels/{channel}", raw, {"Content-Type": types[kind]}))
    assert status == (404 if channel == MARK else 403)


@few
@given(raw=anything, channel=st.sampled_from(("whatsapp", "messenger", "telegram")))
def test_signed_bytes_that_are_no_event_are_refused_kindly(server: ServerProcess, raw: bytes, channel: str) -> None:
    assert send(server, signed(channel, raw)) in (200, 400)


@few
@given(body=alike, channel=st.sampled_from(("whatsapp", "messenger", "telegram")))
def test_signed_objects_of_any_form_are_taken_or_refused(server: ServerProcess, body: object, channel: str) -> None:
    assert send(server, signed(channel, json.dumps({"x": MARK, "y": body}).encode())) in (200, 400)
    assert send(server, signed(channel, json.dumps(body).encode())) in (200, 400)
    changes = [{"field": "messages", "value": body}]
    wrapped = {
        "whatsapp": {"object": "whatsapp_business_account", "entry": [{"changes": changes}]},
        "messenger": {"object": "page", "entry": [{"messaging": [body]}]},
        "telegram": {"update_id": 1, "message": body},
    }
    assert send(server, signed(channel, json.dumps(wrapped[channel]).encode())) in (200, 400)


@few
@given(
    channel=st.sampled_from(("sms", "whatsapp_twilio")),
    fields=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=30).map(lambda text: text + MARK)),
    query=st.sampled_from(("", "?receipt=", f"?receipt={MARK}", "?receipt=1&receipt=2")),
)
def test_signed_forms_of_any_content_are_taken_or_refused(
    server: ServerProcess, channel: str, fields: dict[str, str], query: str
) -> None:
    assert send(server, twilio(channel, query, **fields)) in (200, 400)


@few
@given(query=st.text(max_size=40), channel=st.sampled_from((*CHANNELS, MARK)))
def test_handshakes_of_any_kind_are_refused(server: ServerProcess, query: str, channel: str) -> None:
    path = f"/channels/{channel}?hub.mode=subscribe&hub.verify_token={MARK}&hub.challenge={quote(query)}"
    assert send(server, Delivery(path, b""), "GET") in (403, 404, 405)


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /api/v1/messages?after=0 HTTP/1.1\r\nHost: a\r\nX-Words: " + MARK.encode() + b"\x00\r\n\r\n",
        MARK.encode() + b"\r\n\r\n",
        b"POST /api/v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: " + MARK.encode() + b"\r\n\r\n",
        b"POST /api/v1/messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + MARK.encode() + b"\r\n",
    ],
    ids=["zero byte", "no request", "length", "chunk"],
)
def test_what_is_no_http_is_refused_and_not_written_down(server: ServerProcess, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(raw)
        assert b" 400 " in connection.recv(4096).split(b"\r\n")[0]


def signed(channel: str, raw: bytes) -> Delivery:
    """Return a body as the platform would have signed it."""
    if channel == "telegram":
        delivery = telegram_raw({})
        return Delivery(delivery.path, raw, delivery.headers)
    return hub_raw(f"/channels/{channel}", raw, SECRETS[channel])
