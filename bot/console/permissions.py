"""Who may do what in the console: one table, action by action.

A page names its action; nothing else decides. A role on its own never lets somebody approve their own work: that is
for the page to check.

>>> is_allowed("tester", "ask"), is_allowed("viewer", "ask")
(True, False)
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VIEWER, TESTER, TRANSLATOR, REVIEWER, EDITOR, ADMIN = "viewer", "tester", "translator", "reviewer", "editor", "admin"
ROLES = (
    VIEWER,
    TESTER,
    TRANSLATOR,
    REVIEWER,
    EDITOR,
    ADMIN,
)  # in the order in which a directory's groups are preferred

EVERYBODY = frozenset(ROLES)
PEOPLE_WHO_TEST = frozenset({TESTER, TRANSLATOR, REVIEWER, EDITOR, ADMIN})
PEOPLE_WHO_APPROVE = frozenset({REVIEWER, EDITOR})

PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "use_account": EVERYBODY,  # own password, own authenticator, own sessions
        "see_insight": EVERYBODY,  # aggregates with small numbers hidden
        "see_freshness": EVERYBODY,
        "ask": PEOPLE_WHO_TEST,
        "compare": PEOPLE_WHO_TEST,
        "run_batch": frozenset({TESTER, REVIEWER, EDITOR, ADMIN}),
        "flag": PEOPLE_WHO_TEST,
        "see_flags": PEOPLE_WHO_TEST,
        "settle_flag": PEOPLE_WHO_APPROVE,
        "approve_test": PEOPLE_WHO_APPROVE,  # not of a flag of one's own
        "withdraw_answer": PEOPLE_WHO_TEST,
        "restore_answer": PEOPLE_WHO_APPROVE,
        "see_translations": frozenset({TRANSLATOR, REVIEWER, EDITOR, ADMIN}),
        "translate": frozenset({TRANSLATOR, REVIEWER}),
        "approve_translation": frozenset({REVIEWER}),  # not of one's own work
        "see_operations": frozenset({EDITOR, ADMIN}),
        "operate": frozenset({ADMIN}),  # pause a topic or channel, maintenance texts
        "manage_users": frozenset({ADMIN}),
        "see_audit": frozenset({ADMIN}),
    }
)


def is_allowed(role: str, action: str) -> bool:
    """Whether a role may do an action.

    Raises:
        KeyError: there is no such action.
    """
    return role in PERMISSIONS[action]
