"""In which languages somebody may do what: an account names those its person works in.

A translator sees and writes only those. A reviewer sees all, and writes and approves only those. Where nobody has
named any, there are none.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.console.permissions import TRANSLATOR, is_allowed
from bot.console.users import User
from bot.core.errors import UserInputError
from bot.i18n.locales import SOURCE_LANGUAGE, find_locale

BOUND = frozenset({"translate", "approve_translation"})  # in one's own languages, whatever the role
BOUND_ROLES = frozenset({TRANSLATOR})  # for whom other languages are not there


def is_allowed_in(user: User, action: str, language: str) -> bool:
    """Whether somebody may do an action with the texts of a language.

    Raises:
        KeyError: there is no such action.
    """
    is_own = language in user.languages
    return is_allowed(user.role, action) and (is_own or not (action in BOUND or user.role in BOUND_ROLES))


def named_languages(role: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the tags of languages that were named for an account, each once, in the order of the alphabet.

    Raises:
        UserInputError: `language`: nothing is translated into one of them; `languages_none`: a translator has none.
    """
    found = [find_locale(tag) for tag in wanted if tag.strip()]
    if any(locale is None or locale.tag == SOURCE_LANGUAGE for locale in found):
        raise UserInputError("language", status=422)
    tags = tuple(sorted({locale.tag for locale in found if locale}))
    if role in BOUND_ROLES and not tags:
        raise UserInputError("languages_none", status=422)
    return tags
