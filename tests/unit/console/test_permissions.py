"""The table of roles and actions."""

from __future__ import annotations

import pytest

from bot.console.permissions import ADMIN, PERMISSIONS, ROLES, is_allowed


@pytest.mark.parametrize("action", PERMISSIONS)
def test_an_action_is_for_known_roles_and_for_somebody(action: str) -> None:
    assert PERMISSIONS[action]
    assert PERMISSIONS[action] <= set(ROLES)


@pytest.mark.parametrize("action", ["manage_users", "see_audit", "operate"])
def test_the_service_itself_is_for_administrators_alone(action: str) -> None:
    assert PERMISSIONS[action] == {ADMIN}


@pytest.mark.parametrize("action", ["approve_test", "approve_translation", "settle_flag", "restore_answer"])
def test_administrators_and_testers_approve_nothing_by_their_role(action: str) -> None:
    assert not is_allowed("admin", action)
    assert not is_allowed("tester", action)


def test_an_unknown_role_may_nothing_and_an_unknown_action_is_a_mistake() -> None:
    assert not any(is_allowed("root", action) for action in PERMISSIONS)
    with pytest.raises(KeyError):
        is_allowed("admin", "everything")


def test_nobody_can_change_the_table() -> None:
    with pytest.raises(TypeError):
        PERMISSIONS["manage_users"] = frozenset(ROLES)  # type: ignore[index]  # that is the point
