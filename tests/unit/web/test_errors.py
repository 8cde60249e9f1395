"""One shape for every error, in words that exist in every language."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.core.paths import ROOT
from bot.i18n.locales import Locale
from bot.i18n.sources import load_interface
from bot.web.errors import error_response

CALLS = ("UserInputError", "error_response")


def _codes() -> set[str]:
    """Every error code that stands in the code."""
    codes = {"rate_limited"}
    for path in (ROOT / "bot").rglob("*.py"):
        if (
            "console" in path.parts or path.name == "users.py"
        ):  # its words are in data/console.yml, with a test of their own
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                texts = [part for argument in node.args[:2] for part in ast.walk(argument)]
                codes |= {
                    part.value for part in texts if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return codes


def _request(**headers: str) -> web.Request:
    return make_mocked_request("POST", "/api/v1/messages", headers=headers)


def _body(response: web.Response) -> Any:
    return json.loads(response.body)


def test_every_code_has_its_words() -> None:
    codes = _codes()
    assert {"empty", "too_long", "unknown_session", "not_found", "server_error"} <= codes
    assert {code for code in codes if f"ui.error.{code}" not in load_interface()} == set()


@pytest.mark.parametrize(
    "code", [key.removeprefix("ui.error.") for key in load_interface() if key.startswith("ui.error.")]
)
def test_every_error_has_one_shape(code: str, each_locale: Locale) -> None:
    response = error_response(
        _request(**{"Accept-Language": each_locale.tag}), code, 400, limit=1000, seconds=3, detail="nrpf"
    )
    assert set(_body(response)) == {"error"}
    assert _body(response)["error"]["code"] == code
    assert _body(response)["error"]["message"]
    assert "{" not in _body(response)["error"]["message"]
    assert (response.status, response.content_type) == (400, "application/json")


def test_the_browsers_language_is_spoken() -> None:
    english = _body(error_response(_request(), "empty", 400))["error"]["message"]
    polish = _body(error_response(_request(**{"Accept-Language": "pl-PL,en;q=0.5"}), "empty", 400))["error"]["message"]
    assert english == "Please write your question."
    assert polish != english


def test_the_language_of_the_session_wins() -> None:
    response = error_response(_request(**{"Accept-Language": "pl"}), "empty", 400, "en")
    assert _body(response)["error"]["message"] == "Please write your question."


@pytest.mark.parametrize("language", ["xx", "", None, "../en"])
def test_a_wrong_language_falls_back_to_the_browser(language: str | None) -> None:
    response = error_response(_request(**{"Accept-Language": "en"}), "empty", 400, language)
    assert _body(response)["error"]["message"] == "Please write your question."


def test_a_wait_is_told_to_people_and_machines() -> None:
    response = error_response(_request(), "rate_limited", 429, seconds=7)
    assert response.headers["Retry-After"] == "7"
    assert "7 seconds" in _body(response)["error"]["message"]
    assert "Retry-After" not in error_response(_request(), "empty", 400).headers
