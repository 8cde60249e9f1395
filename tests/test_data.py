"""Content, training data and reference data agree with each other and with what people can read."""

from __future__ import annotations

import json
import re
import statistics
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import textstat
import yaml
from rapidfuzz import fuzz, process

from bot.answers.blocks import LOCAL_AUTHORITY
from bot.answers.choices import START_TOPICS
from bot.answers.load import crisis_topics, load_answers, load_dialogue_acts, load_topic_file, load_topics
from bot.core.paths import DATA, EVALUATION, ROOT
from bot.directory.seed import load_services
from bot.i18n.locales import SOURCE_LANGUAGE, Locale, load_locales

NLU_FALLBACK = "nlu_fallback"
NLU, RULES = DATA / "nlu", DATA / "rules"
RASA_FOLDERS = (NLU, RULES, DATA / "stories")
RASA_KEY = re.compile(r"^\s*(nlu|rules|stories|responses):", re.M)
MIN_EXAMPLES, MIN_LEXICON = 25, 5_000
MAX_MEAN_GRADE, MAX_GRADE = 6.5, 9.0
NEAR, NEAR_WORDS = 92, 5  # a near copy: so alike (0-100), for texts of so many words
# 999, 101, 116 123, Childline's 0800 1111, else a UK number of ten or eleven digits in groups.
PHONE = re.compile(r"\d{3}|116 \d{3}|0800 1111|(?=(?:\D*\d){10,11}$)0\d{1,4}(?: \d{1,6}){1,4}")
ADDRESS = re.compile(r"https?://[\w.-]+\.[a-z]{2,}(?:[/?#]\S*)?")
IDS = [*load_topics(), *load_dialogue_acts()]


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


@cache
def _training(tag: str) -> dict[str, list[str]]:
    """The training messages of a language by intent."""
    messages: dict[str, list[str]] = {}
    for path in sorted((NLU / tag).glob("*.yml")):
        for entry in _yaml(path)["nlu"]:
            lines = [line.strip().removeprefix("- ") for line in entry["examples"].splitlines() if line.strip()]
            messages.setdefault(entry["intent"], []).extend(lines)
    return messages


@cache
def _trained() -> dict[str, str]:
    """Every training message in one spelling → where it stands."""
    return {
        _one_spelling(line): f"data/nlu/{folder.name} {intent}"
        for folder in sorted(NLU.iterdir())
        if folder.is_dir()
        for intent, lines in _training(folder.name).items()
        for line in lines
    }


@cache
def _evaluation() -> dict[str, str]:
    """Every message to measure on in one spelling → where it stands. Its words are shown nowhere."""
    return {
        _one_spelling(json.loads(line)["text"]): f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(EVALUATION.rglob("*.jsonl"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if line.strip()
    }


def _one_spelling(text: str) -> str:
    """Casefolded words without punctuation."""
    kept = "".join(
        char if unicodedata.category(char)[0] in "LMN" else " " for char in unicodedata.normalize("NFKC", text)
    )
    return " ".join(kept.casefold().split())


# Topics, intents, rules


def test_every_theme_has_topics_and_every_topic_a_theme() -> None:
    assert {topic.theme for topic in load_topics().values()} == set(load_topic_file()["themes"])


def test_the_intents_of_the_domain_are_the_topics_the_acts_and_the_fallback() -> None:
    intents = [
        name
        for entry in _yaml(ROOT / "domain.yml")["intents"]
        for name in (entry if isinstance(entry, dict) else [entry])
    ]
    assert Counter(intents) == Counter([*IDS, NLU_FALLBACK])


def test_every_topic_and_every_act_has_a_rule() -> None:
    steps = [step for path in RULES.glob("*.yml") for rule in _yaml(path)["rules"] for step in rule["steps"]]
    either = [step for group in steps for step in group.get("or", [group])]
    assert {step["intent"] for step in either if "intent" in step} == {*IDS, NLU_FALLBACK}


def test_every_language_has_training_messages_for_every_topic_and_act(each_locale: Locale) -> None:
    messages = _training(each_locale.tag)
    assert set(messages) == set(IDS)
    assert {intent: len(lines) for intent, lines in messages.items() if len(lines) < MIN_EXAMPLES} == {}


def test_the_training_data_of_a_folder_says_its_language(each_locale: Locale) -> None:
    wrong = [
        f"{path.name} {entry['intent']}"
        for path in (NLU / each_locale.tag).glob("*.yml")
        for entry in _yaml(path)["nlu"]
        if entry["metadata"]["language"] != each_locale.tag
    ]
    assert wrong == []


def test_a_message_teaches_one_intent_only(each_locale: Locale) -> None:
    taught: dict[str, set[str]] = {}
    for intent, lines in _training(each_locale.tag).items():
        for line in lines:
            taught.setdefault(_one_spelling(line) or line, set()).add(intent)  # an emoji has no spelling
    assert {line: intents for line, intents in taught.items() if len(intents) > 1} == {}


def test_every_language_folder_is_a_language() -> None:
    assert {path.name for path in NLU.iterdir() if path.is_dir()} == {locale.tag for locale in load_locales()}


def test_rasa_takes_no_other_file_for_training_data() -> None:
    """Any YAML file with such a key at the start of a line, at any indent, is read as training data."""
    mistaken = [
        str(path.relative_to(ROOT))
        for path in DATA.rglob("*.y*ml")
        if not any(folder in path.parents for folder in RASA_FOLDERS)
        and RASA_KEY.search(path.read_text(encoding="utf-8"))
    ]
    assert mistaken == []


# What is measured on is not what was learnt


def test_the_messages_to_measure_on_name_topics_and_are_many() -> None:
    topics = {
        json.loads(line)["topic"]
        for path in EVALUATION.rglob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    }
    assert topics == set(IDS)
    assert len(_evaluation()) > 1000


def test_no_message_to_measure_on_was_trained_on() -> None:
    assert {place: _trained()[text] for text, place in _evaluation().items() if text in _trained()} == {}


def test_no_near_copy_of_a_message_to_measure_on_was_trained_on() -> None:
    measured = [text for text in _evaluation() if len(text.split()) >= NEAR_WORDS]
    trained = [text for text in _trained() if len(text.split()) >= NEAR_WORDS]
    copies = {}
    for text in measured:
        near = process.extractOne(text, trained, scorer=fuzz.ratio, score_cutoff=NEAR + 0.01)
        if near:
            copies[_evaluation()[text]] = f"{_trained()[near[0]]}: {near[0]}"
    assert copies == {}


def test_no_crisis_phrase_is_a_whole_message_to_measure_on() -> None:
    phrases = {
        _one_spelling(column): path.name
        for path in (DATA / "crisis").glob("*.tsv")
        for line in path.read_text(encoding="utf-8").splitlines()
        for column in line.split("\t")
    }
    long = {text: place for text, place in _evaluation().items() if len(text.split()) >= NEAR_WORDS}
    assert {place: phrases[text] for text, place in long.items() if text in phrases} == {}


# Answers


def test_every_topic_has_an_answer_and_every_answer_a_topic() -> None:
    assert set(load_answers()) == set(load_topics())


@pytest.mark.parametrize("topic", load_topics())
def test_every_answer_names_somebody_beside_the_council_who_can_be_reached(topic: str) -> None:
    services = [load_services()[contact] for contact in load_answers()[topic].contacts if contact != LOCAL_AUTHORITY]
    assert [service.id for service in services if service.shown_phone or service.url]


@pytest.mark.parametrize("topic", crisis_topics())
def test_a_crisis_answer_names_a_number_to_call(topic: str) -> None:
    answer = load_answers()[topic]
    assert any(load_services()[contact].shown_phone for contact in answer.contacts if contact != LOCAL_AUTHORITY)
    assert any("{phone_" in line or "999" in line for line in answer.urgent)


def test_every_answer_was_checked_before_it_is_due() -> None:
    wrong = [answer.topic for answer in load_answers().values() if not answer.checked < answer.review_by]
    assert wrong == []


def test_every_source_has_an_address_and_every_contact_a_secure_one() -> None:
    sources = [source.url for answer in load_answers().values() for source in answer.sources]
    contacts = [service.url for service in load_services().values() if service.url]
    assert [address for address in sources if not ADDRESS.fullmatch(address)] == []
    assert [address for address in contacts if not ADDRESS.fullmatch(address) or not address.startswith("https:")] == []


def test_the_first_screen_offers_topics_that_exist() -> None:
    assert set(START_TOPICS) <= set(load_topics())
    assert len(set(START_TOPICS)) == len(START_TOPICS)


@cache
def _grades() -> dict[str, float]:
    """The Flesch-Kincaid school grade of what an English answer says."""
    return {
        answer.topic: textstat.flesch_kincaid_grade(
            re.sub(r"\{\w+\}", "it", " ".join((*answer.summary, *answer.urgent, *answer.steps)))
        )
        for answer in load_answers().values()
    }


def test_the_answers_are_easy_to_read_on_average() -> None:
    assert statistics.mean(_grades().values()) <= MAX_MEAN_GRADE


def test_no_answer_is_hard_to_read() -> None:
    assert {topic: grade for topic, grade in _grades().items() if grade > MAX_GRADE} == {}


# Directory and lexicons


def test_every_phone_number_is_well_formed() -> None:
    assert {
        service.id: service.phone
        for service in load_services().values()
        if service.phone and not PHONE.fullmatch(service.phone)
    } == {}


def test_a_status_says_whether_there_is_a_number() -> None:
    wrong = [
        service.id for service in load_services().values() if bool(service.phone) != (service.phone_status != "none")
    ]
    assert wrong == []


def test_every_service_says_what_it_does_and_where_that_is_written() -> None:
    assert [service.id for service in load_services().values() if not (service.description and service.source)] == []


def test_every_lexicon_has_enough_words_of_good_form() -> None:
    for locale in load_locales():
        if locale.tag == SOURCE_LANGUAGE:
            continue
        lines = (DATA / "lexicon" / f"{locale.tag}.tsv").read_text(encoding="utf-8").splitlines()
        entries = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
        assert len(entries) >= MIN_LEXICON, locale.tag
        wrong = [entry for entry in entries if len(entry) != 2 or not entry[0].strip() or not entry[1].strip()]
        assert wrong == [], locale.tag
