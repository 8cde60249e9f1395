"""Codes of authenticator apps."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from bot.console.totp import find_step, new_secret, provisioning_uri

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()  # RFC 6238, appendix B: the last six of eight digits


@pytest.mark.parametrize(
    ("now", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_of_the_standard_are_right(now: int, code: str) -> None:
    assert find_step(RFC_SECRET, code, float(now)) == now // 30


def test_a_code_holds_for_the_step_before_and_after() -> None:
    secret, now = new_secret(), 1_800_000_000.0
    for steps, expected in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = pyotp.TOTP(secret).at(int(now) + steps * 30)
        assert (find_step(secret, code, now) is not None) is expected, steps


def test_blanks_in_a_code_do_not_matter() -> None:
    assert find_step(RFC_SECRET, " 287 082 ", 59.0) == 1


@pytest.mark.parametrize("code", ["", "28708", "2870820", "28708a", "²87082", "٢٨٧٠٨٢", "-87082", "287082\x00"])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert find_step(RFC_SECRET, code, 59.0) is None


def test_an_app_can_read_the_address() -> None:
    address = urlsplit(provisioning_uri(RFC_SECRET, account="amina@example.org", issuer="Doorway"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query) == {"secret": [RFC_SECRET], "issuer": ["Doorway"]}


def test_secrets_are_long_and_not_the_same() -> None:
    assert len({new_secret() for _ in range(50)}) == 50
    assert len(base64.b32decode(new_secret())) == 20
