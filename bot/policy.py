"""Rasa's RulePolicy as this assistant needs it.

Two differences. RulePolicy keeps its rules as JSON strings, parses each of them for each state it compares and
compares all of them: with some hundred rules that was a third of a turn. Here parsed rules and met situations are
kept. And the intents `restart`, `back` and `session_start` run built-in actions there, reachable for anyone who types
`/restart`; here an intent does only what data/rules/ says.
"""

from __future__ import annotations

import json
from functools import lru_cache

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import State
from rasa.shared.core.trackers import DialogueStateTracker

REMEMBERED = 4096  # situations and rules kept in memory


@lru_cache(maxsize=REMEMBERED)
def _parsed(rule_key: str) -> list[State]:
    return list(json.loads(rule_key))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class RuleBook(RulePolicy):
    """RulePolicy with a memory for parsed rules and without built-in intents."""

    @staticmethod
    def _rule_key_to_state(rule_key: str) -> list[State]:
        return _parsed(rule_key)

    @staticmethod
    def _find_action_from_default_actions(tracker: DialogueStateTracker) -> tuple[str | None, str | None]:
        return None, None

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        """Return the rules that fit; remembered, because conversations meet the same few states again and again."""
        situation = (id(lookup), len(lookup), json.dumps(states, sort_keys=True))
        known: dict[tuple[int, int, str], frozenset[str]] = self.__dict__.setdefault("_possible_keys", {})
        if situation not in known:
            if len(known) >= REMEMBERED:
                known.clear()
            known[situation] = frozenset(super()._get_possible_keys(lookup, states))
        return set(known[situation])
