"""POST /api/v1/eligibility: verdicts with reasons, in the person's language; wrong facts are refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from bot.i18n.locales import Locale
from tests.contract.conftest import Client

ADDRESS = "/api/v1/eligibility"


async def test_facts_get_verdicts_reasons_and_a_card(client: Client) -> None:
    response = await client.post(ADDRESS, json={"facts": {"status": "refugee"}})
    answer = await response.json()
    assert response.status == 200
    assert (answer["allocation"], answer["homelessness"], answer["benefits"]) == ("yes", "yes", "yes")
    assert answer["reasons"][0]["rule"] == "class_a"
    assert answer["reasons"][0]["source"].startswith("https://")
    assert {"verdict", "why", "desk", "sources"} <= {block["kind"] for block in answer["card"]["blocks"]}


async def test_the_card_is_in_the_asked_language(client: Client, each_translation: Locale) -> None:
    response = await client.post(ADDRESS, json={"facts": {"status": "work_visa", "nrpf": True},
                                                "language": each_translation.tag})  # fmt: skip
    answer = await response.json()
    assert answer["allocation"] == "no"
    verdicts = next(block for block in answer["card"]["blocks"] if block["kind"] == "verdict")["items"]
    assert all(item["text"] != item["english"] for item in verdicts)
    assert answer["card"]["direction"] == each_translation.direction


async def test_a_missing_fact_is_asked_for(client: Client) -> None:
    response = await client.post(ADDRESS, json={"facts": {"status": "euss_pre_settled", "hr": True}})
    answer = await response.json()
    assert (answer["allocation"], answer["ask"]) == ("depends", ["rtr"])


async def test_the_rules_of_a_day(client: Client) -> None:
    body = {"facts": {"status": "work_visa", "nrpf_lifted_by_coc": True}}
    before = await (await client.post(ADDRESS, json={**body, "on": "2024-06-06"})).json()
    after = await (await client.post(ADDRESS, json={**body, "on": "2024-06-07"})).json()
    assert (before["allocation"], after["allocation"]) == ("no", "yes")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"facts": {"colour": "blue"}}, "unknown_fact"),
        ({"facts": {"hr": "perhaps"}}, "bad_fact"),
        ({"facts": {"nrpf": True, "nrpf_lifted_by_coc": True}}, "contradiction"),
        ({"facts": []}, "bad_request"),
        ([], "bad_request"),
        ({"facts": {}, "language": "xx"}, "unknown_language"),
        ({"facts": {}, "on": "yesterday"}, "bad_request"),
    ],
)
async def test_what_cannot_be_decided_is_refused(client: Client, body: Any, code: str) -> None:
    response = await client.post(ADDRESS, json=body)
    assert response.status == 400
    assert (await response.json())["error"]["code"] == code
