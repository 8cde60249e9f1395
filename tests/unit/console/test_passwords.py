"""Passwords: hashing, and which are refused."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters

from bot.console.passwords import check_password, hash_password, is_password, needs_rehash
from bot.core.errors import UserInputError

GOOD = "tulip engine marble 9"


def test_a_hash_fits_its_password_alone() -> None:
    stored = hash_password(GOOD)
    assert is_password(stored, GOOD)
    assert not is_password(stored, GOOD + " ")
    assert not is_password(stored, "")
    assert stored != hash_password(GOOD)


def test_the_hash_is_as_hard_as_owasp_asks() -> None:
    parameters = extract_parameters(hash_password(GOOD))
    assert parameters.type.name == "ID"
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2


@pytest.mark.parametrize("stored", [None, "", "plain text", "$argon2id$broken"])
def test_nothing_fits_an_account_without_a_password(stored: str | None) -> None:
    assert not is_password(stored, "")
    assert not is_password(stored, GOOD)


def test_a_hash_from_weaker_days_is_to_be_made_anew() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    assert is_password(weak, GOOD)
    assert needs_rehash(weak)
    assert not needs_rehash(hash_password(GOOD))


@pytest.mark.parametrize("password", [GOOD, "мама мыла раму вчера вечером", "zażółć gęślą jaźń 7", "Vq8#kd02!mZp"])
def test_a_good_password_is_taken(password: str) -> None:
    check_password(password, ("amina@example.org", "Amina Yusuf"))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "password_short"),
        ("x" * 257, "password_long"),
        ("passwordpassword", "password_weak"),
        ("qwertyuiop123", "password_weak"),
        ("aaaaaaaaaaaaaaa", "password_weak"),
        ("aminayusuf1", "password_short"),
        ("aminayusuf12", "password_weak"),
        ("amina@example.org", "password_weak"),
        ("january2027!", "password_weak"),
    ],
)
def test_a_password_that_is_guessed_soon_is_refused(password: str, code: str) -> None:
    with pytest.raises(UserInputError) as raised:
        check_password(password, ("amina@example.org", "amina", "yusuf", "aminayusuf"))
    assert raised.value.code == code
