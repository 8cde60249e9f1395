"""`doorway check`: content, catalogues, reference data, in seconds and without a model."""

from __future__ import annotations

from bot.answers.check import check_answers
from bot.channels.check import check_channels
from bot.core.errors import DataError
from bot.directory.seed import load_services
from bot.eligibility.load import load_rules
from bot.i18n.check import Problem, check_catalogues
from bot.i18n.locales import load_locales
from bot.nlu.gloss import load_lexicon_entries
from bot.nlu.patterns import load_patterns
from bot.places.facts import load_council_facts
from bot.places.gazetteer import load_places
from bot.waste.rules import check_waste


def check() -> list[Problem]:
    """Return every problem found, errors first."""
    problems: list[Problem] = []
    for part in (check_answers, check_catalogues, check_channels, _check_reference):
        try:
            problems.extend(part())
        except DataError as error:
            problems.append(Problem(path=error.path, line=error.line, level="error", message=str(error)))
    return sorted(problems, key=lambda problem: (problem["level"] != "error", problem["path"], problem["line"]))


def _check_reference() -> list[Problem]:
    """Loading is the check: each loader names file and line of what does not fit."""
    load_services()
    load_rules()
    load_council_facts()
    check_waste()
    load_places()
    for locale in load_locales():
        load_lexicon_entries(locale.tag)
        load_patterns(locale.tag)
    return []
