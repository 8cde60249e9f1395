"""Twilio: its signature, forms, and text messages that are worth their price."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from bot.answers.compose import compose
from bot.answers.say import say_topic
from bot.channels.layout import message_for
from bot.channels.platform import Message, Option, Outgoing
from bot.channels.twilio import cheap, outcome, parse, render_sms, render_whatsapp, request, signature, verify
from bot.i18n.locales import Locale
from bot.i18n.sms import segments

# The example of Twilio's documentation on request validation.
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309",
        "To": "+18005551212"}  # fmt: skip
SIGNATURE, TOKEN = "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "12345"
ACCOUNT = "AC1"


def _form(**fields: str) -> bytes:
    return urlencode({"AccountSid": ACCOUNT, "MessageSid": "SM1", "From": "+4477", **fields}).encode()


def test_the_documented_example_verifies() -> None:
    raw = urlencode(FORM).encode()
    assert signature(URL, list(FORM.items()), TOKEN) == SIGNATURE
    assert verify(raw, {"X-Twilio-Signature": SIGNATURE}, URL, TOKEN)


@pytest.mark.parametrize(
    ("raw", "given", "url", "token"),
    [
        (urlencode({**FORM, "Digits": "1"}).encode(), SIGNATURE, URL, TOKEN),
        (urlencode({**FORM, "Empty": ""}).encode() + b"&x", SIGNATURE, URL, TOKEN),
        (urlencode(FORM).encode(), SIGNATURE, URL + "&x=1", TOKEN),
        (urlencode(FORM).encode(), SIGNATURE, URL, "54321"),
        (urlencode(FORM).encode(), "", URL, TOKEN),
        (b"\xff=1", SIGNATURE, URL, TOKEN),
        (b"a=1&" * 500, SIGNATURE, URL, TOKEN),
    ],
)
def test_anything_else_does_not(raw: bytes, given: str, url: str, token: str) -> None:
    assert not verify(raw, {"X-Twilio-Signature": given}, url, token)


def test_empty_fields_are_signed_too() -> None:
    raw = _form(Body="")
    fields = [("AccountSid", ACCOUNT), ("MessageSid", "SM1"), ("From", "+4477"), ("Body", "")]
    assert verify(raw, {"X-Twilio-Signature": signature(URL, fields, TOKEN)}, URL, TOKEN)


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"Body": "hello"}, ["text"]),
        ({"Body": " "}, ["unsupported"]),
        ({"NumMedia": "1"}, ["unsupported"]),
        ({"Body": "STOP", "OptOutType": "STOP"}, ["stop"]),
        ({"Body": "START", "OptOutType": "START"}, ["text"]),
        ({"Body": "HELP", "OptOutType": "HELP"}, []),
        ({"Body": "x", "From": ""}, []),
        ({"Body": "x", "From": "whatsapp:+4477"}, []),
        ({"Body": "x", "AccountSid": "AC2"}, []),
    ],
)
def test_kinds_of_forms(fields: dict[str, str], kinds: list[str]) -> None:
    assert [event.kind for event in parse(_form(**fields), "", "sms", ACCOUNT)] == kinds


def test_whatsapp_through_twilio_is_a_channel_of_its_own() -> None:
    raw = _form(Body="x", From="whatsapp:+4477")
    assert [event.address for event in parse(raw, "", "whatsapp_twilio", ACCOUNT)] == ["whatsapp:+4477"]


@pytest.mark.parametrize(("state", "text"), [("queued", "sent"), ("delivered", "sent"), ("undelivered", "failed")])
def test_a_status_is_a_receipt(state: str, text: str) -> None:
    raw = _form(MessageStatus=state, ErrorCode="30003")
    (event,) = parse(raw, "receipt=key", "sms", ACCOUNT)
    assert (event.kind, event.message_id, event.text) == ("receipt", "key", text)
    assert parse(raw, "", "sms", ACCOUNT) == []


def _answer(topic: str, language: str) -> Message:
    answer = compose(say_topic(topic), language)
    titles = [choice.title.text for choice in answer.choices]
    return message_for(answer, [Option(title, title, number) for number, title in enumerate(titles, start=1)])


def test_an_answer_is_its_short_form_and_the_rest_is_kept(each_locale: Locale) -> None:
    message = _answer("homeless_tonight", each_locale.tag)
    first, *rest = render_sms([message])
    assert not first.is_held
    assert segments(first.payload["Body"]) <= 3
    assert all(part.is_held and segments(part.payload["Body"]) <= 4 for part in rest)
    assert all(part.payload["Body"].endswith(cheap(message.more)) for part in [first, *rest[:-1]])
    said = "\n".join(part.payload["Body"] for part in rest)
    assert "08088004444" in said.replace(" ", "")
    assert f"{len(message.options)}. {message.options[-1].title}" in said
    assert "\u2066" not in said


def test_a_question_keeps_its_choices_in_one_message() -> None:
    options = tuple(Option(str(number), f"Answer {number}", number) for number in range(1, 6))
    (part,) = render_sms([Message("Which one?", options, number_lead="Write the number.", more="Write MORE.")])
    assert part.payload["Body"].endswith("5. Answer 5")


def test_a_number_in_arabic_words_keeps_its_order_without_marks() -> None:
    assert cheap("اتصل على \u20660808 800 4444\u2069 اليوم") == "اتصل على 08088004444 اليوم"


def test_english_stays_in_the_cheap_alphabet() -> None:
    text = "“It’s” – a • list…"
    assert cheap(text) == '"It\'s" - a - list...'
    assert cheap("“ł” – …") == "“ł” – …"  # it costs the same either way
    assert segments(cheap("’" * 100)) == 1


def test_whatsapp_parts_fit() -> None:
    parts = render_whatsapp([_answer("homeless_tonight", "pl")])
    assert len(parts) >= 2
    assert all(0 < len(part.payload["Body"]) <= 1600 for part in parts)


@pytest.mark.parametrize(
    ("name", "sender", "fields"),
    [
        ("sms", "+4470", {"From": "+4470"}),
        ("sms", "MG1", {"MessagingServiceSid": "MG1"}),
        ("whatsapp_twilio", "+4470", {"From": "whatsapp:+4470"}),
    ],
)
def test_the_call_has_sender_and_status_address(name: str, sender: str, fields: dict[str, str]) -> None:
    outgoing = Outgoing("+4477", {"Body": "Text"}, "key")
    call = request(outgoing, name, ACCOUNT, TOKEN, sender, f"https://d.org/channels/{name}", "https://api")
    assert call.url == "https://api/2010-04-01/Accounts/AC1/Messages.json"
    callback = f"https://d.org/channels/{name}?receipt=key"
    assert call.form == {"To": "+4477", "Body": "Text", "StatusCallback": callback, **fields}
    assert call.headers == {"Authorization": "Basic QUMxOjEyMzQ1"}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (201, b'{"sid": "SM1"}', "sent"),
        (429, b'{"code": 20429}', "again"),
        (400, b'{"code": 21610}', "blocked"),
        (400, b'{"code": 21211}', "failed"),
        (503, b"", "again"),
    ],
)
def test_how_a_send_ended(status: int, body: bytes, kind: str) -> None:
    assert outcome(status, {}, body).kind == kind
