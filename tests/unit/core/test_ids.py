"""Ids: random, unlike each other, and telling nothing."""

from __future__ import annotations

import re

from bot.core.ids import conversation_id, new_choice_id, new_token, token_digest

PHONE = "+447700900123"


def test_tokens_are_long_url_safe_and_all_different() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_choice_ids_fit_a_telegram_button_and_are_all_different() -> None:
    ids = {new_choice_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(choice) for choice in ids} == {12}


def test_a_digest_is_stable_and_is_not_the_token() -> None:
    assert token_digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_half_a_surrogate_pair_from_a_header_has_a_digest_too() -> None:
    assert len(token_digest("\udcff" * 30)) == 64
    assert len(conversation_id("secret", "web", "\ud800")) == 40


def test_a_conversation_id_depends_on_key_channel_and_person() -> None:
    ids = {
        conversation_id(secret, channel, person)
        for secret in ("one", "two")
        for channel in ("sms", "whatsapp")
        for person in (PHONE, "+447700900124")
    }
    assert len(ids) == 8
    assert conversation_id("one", "sms", PHONE) == conversation_id("one", "sms", PHONE)


def test_a_conversation_id_does_not_hold_the_phone_number() -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", conversation_id("secret", "sms", PHONE))
    assert "7700900123" not in conversation_id("secret", "sms", PHONE)


def test_channel_and_person_cannot_run_into_each_other() -> None:
    assert conversation_id("secret", "sms", "1x") != conversation_id("secret", "sms1", "x")
