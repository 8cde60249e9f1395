"""Passwords: hashed with argon2id, refused when they are easy to guess. Slow on purpose: call it in a thread."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from zxcvbn import zxcvbn

from bot.core.errors import UserInputError

SHORTEST, LONGEST = 12, 256
LOWEST_SCORE = 3  # of 4 by zxcvbn: more than 10^8 guesses; it knows the most used passwords and keyboard patterns
MEASURED = 72  # zxcvbn looks at no more
MEMORY_KIB, PASSES, LANES = 32 * 1024, 2, 1  # OWASP asks for 19 MiB, 2, 1 at least


def check_password(password: str, known: tuple[str, ...]) -> None:
    """Refuse a weak password. `known`: words an attacker would try first (name, address).

    Raises:
        UserInputError: `password_short`, `password_long` or `password_weak`.
    """
    if len(password) < SHORTEST:
        raise UserInputError("password_short", status=422)
    if len(password) > LONGEST:
        raise UserInputError("password_long", status=422)
    if zxcvbn(password[:MEASURED], user_inputs=[word[:MEASURED] for word in known if word])["score"] < LOWEST_SCORE:
        raise UserInputError("password_weak", status=422)


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher().hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Whether a password fits. Takes as long for somebody who has none, so that time tells nothing."""
    try:
        return _hasher().verify(stored or _nobody(), password[: LONGEST + 1]) and bool(stored)
    except (Argon2Error, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether it was hashed with weaker settings than today's."""
    return _hasher().check_needs_rehash(stored)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


@cache
def _nobody() -> str:
    return hash_password("")
