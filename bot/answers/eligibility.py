"""The eligibility check as said to a person: a question with its buttons, and the outcome card.

The texts stand in `data/reference/eligibility/` beside the rules they belong to; the catalogue key of each begins with
`eligibility.`.
"""

from __future__ import annotations

from bot.answers.blocks import checked_line, contact_cards, line, plain, said_answer, speech_for
from bot.answers.choices import FACT_PAYLOAD, choice, topic_choice
from bot.answers.model import Answer, Block, Choice, Line, Source
from bot.eligibility.engine import decide
from bot.eligibility.load import UNKNOWN_STATUS, load_facts, load_groups, load_rules, load_statuses
from bot.eligibility.model import SCHEMES, Facts, Outcome, Reason
from bot.i18n.speech import Said, Speech

KEY = "eligibility"
MOST_REASONS = 3
STOP = "stop"
DONT_KNOW = "dont_know"
WHY = "why"
GROUP = "group"  # the pretended fact that narrows the statuses down


def compose_question(name: str, language: str, *, group: str = "", notes: tuple[str, ...] = ()) -> Answer:
    """Return the question about a fact with the answers as buttons.

    Args:
        name: the fact.
        group: for the status: the group the person chose; without it the groups are the answers.
        notes: interface texts said before it (`check.not_understood`).

    Raises:
        NotFound: no such language.
    """
    speech = speech_for(language)
    fact = load_facts()[name]
    said = [speech.ui(note) for note in notes]
    return said_answer(
        speech,
        (plain("note", said), plain("text", [speech.say(f"{KEY}.fact.{name}.question", fact.question)])),
        (
            *_answers(name, group, speech),
            choice(speech.ui("check.dont_know"), f"{FACT_PAYLOAD}{name}={DONT_KNOW}"),
            choice(speech.ui("check.why_ask"), f"{FACT_PAYLOAD}{name}={WHY}"),
            choice(speech.ui("check.stop"), f"{FACT_PAYLOAD}{name}={STOP}"),
        ),
    )


def compose_explanation(name: str, language: str) -> Answer:
    """Return why a fact is asked, and how to find it out where we know.

    Raises:
        NotFound: no such language.
    """
    speech, fact = speech_for(language), load_facts()[name]
    texts = [speech.say(f"{KEY}.fact.{name}.why", fact.why)]
    if fact.help:
        texts.append(speech.say(f"{KEY}.fact.{name}.help", fact.help))
    return said_answer(speech, (plain("text", texts),), ())


def compose_outcome(facts: Facts, language: str) -> Answer:
    """Return the outcome card.

    Raises:
        NotFound: no such language.
    """
    speech, book, outcome = speech_for(language), load_rules(), decide(facts)
    reasons = [] if outcome.ask else list(outcome.reasons[:MOST_REASONS])
    card = {name: speech.say(f"{KEY}.card.{name}", text) for name, text in book.card.items()}
    changes = dict.fromkeys(rule.change for rule in outcome.rules if rule.change and not outcome.ask)
    may_apply = outcome.verdicts["allocation"] == "yes"
    ways = dict.fromkeys(way for rule in outcome.rules for way in rule.open if not may_apply)
    opened = [speech.say(f"{KEY}.open.{way}", book.ways[way].text) for way in ways]
    changed = [speech.say(f"{KEY}.change.{name}", book.changes[name]) for name in changes]
    contacts = [*dict.fromkeys((*(name for rule in outcome.rules for name in rule.contacts), *book.contacts))]
    related = dict.fromkeys(topic for rule in outcome.rules for topic in rule.related)
    return said_answer(
        speech,
        (
            _verdicts(outcome, speech),
            plain("note", [speech.ui("check.meaning"), speech.ui("notice.information")]),
            plain("why", [_reason(reason, speech) for reason in reasons], speech.ui("check.why")),
            plain("why", [_question(name, speech) for name in outcome.ask], speech.ui("check.missing")),
            plain("why", [_assumed(name, speech) for name in outcome.assumed], speech.ui("check.assumed")),
            plain("open", opened, speech.ui("check.open")),
            plain("change", changed, speech.ui("check.change")),
            plain("review", [card["review"], card["register_review"]], speech.ui("check.review")),
            Block("contacts", line(speech.ui("answer.contacts")), contacts=contact_cards(contacts, speech)),
            plain("desk", [_desk(facts, card["desk"], speech)], speech.ui("answer.desk")),
            _sources(outcome.reasons, speech),
        ),
        [topic_choice(topic, speech) for topic in related],
        topic="register_eligibility",
    )


def start_choice(speech: Speech, status: str | None = None) -> Choice:
    """Return the button that begins the check, with the status where it is known."""
    known = f"status={status}" if status else f"start={KEY}"
    return choice(speech.ui("check.start"), FACT_PAYLOAD + known)


def _answers(name: str, group: str, speech: Speech) -> list[Choice]:
    fact = load_facts()[name]
    if name == "status":
        return _statuses(group, speech)
    if fact.kind == "yes_no":
        return [
            choice(speech.ui("check.yes_button"), f"{FACT_PAYLOAD}{name}=true"),
            choice(speech.ui("check.no_button"), f"{FACT_PAYLOAD}{name}=false"),
        ]
    if fact.kind == "number":
        return [choice(speech.ui("check.no_button"), f"{FACT_PAYLOAD}{name}={fact.assumed}")] if fact.assumed else []
    return [
        choice(speech.say(f"{KEY}.fact.{name}.option.{value}", text), f"{FACT_PAYLOAD}{name}={value}")
        for value, text in fact.options.items()
    ]


def _statuses(group: str, speech: Speech) -> list[Choice]:
    if not group:
        return [
            choice(speech.say(f"{KEY}.group.{name}", text), f"{FACT_PAYLOAD}{GROUP}={name}")
            for name, text in load_groups().items()
        ]
    return [
        choice(speech.say(f"{KEY}.status.{status.id}.label", status.label), f"{FACT_PAYLOAD}status={status.id}")
        for status in load_statuses().values()
        if status.group == group
    ]


def _verdicts(outcome: Outcome, speech: Speech) -> Block:
    lines = []
    for scheme in SCHEMES:
        name, verdict = speech.ui(f"check.{scheme}"), speech.ui(f"check.{outcome.verdicts[scheme]}")
        local, english = f"{name.text}: {verdict.text}", f"{name.english}: {verdict.english}"
        lines.append(Line(local, english, mark=outcome.verdicts[scheme]))
    return Block("verdict", line(speech.ui("check.title")), tuple(lines))


def _reason(reason: Reason, speech: Speech) -> Said:
    kind = "rule" if any(rule.id == reason.rule for rule in load_rules().rules) else "note"
    return speech.say(f"{KEY}.{kind}.{reason.rule}", reason.text)


def _question(name: str, speech: Speech) -> Said:
    return speech.say(f"{KEY}.fact.{name}.question", load_facts()[name].question)


def _assumed(name: str, speech: Speech) -> Said:
    return speech.say(f"{KEY}.fact.{name}.taken", load_facts()[name].taken)


def _desk(facts: Facts, text: Said, speech: Speech) -> Said:
    status = load_statuses().get(str(facts.get("status", UNKNOWN_STATUS)), load_statuses()[UNKNOWN_STATUS])
    document = speech.say(f"{KEY}.status.{status.id}.document", status.document)
    return Said(
        text.text.replace("{document}", document.text),
        text.english.replace("{document}", document.english),
        text.is_translated,
    )


def _sources(reasons: tuple[Reason, ...], speech: Speech) -> Block:
    sources = dict.fromkeys(Source(reason.source.title, reason.source.url) for reason in reasons)
    checked = load_rules().checked
    lines = (line(checked_line(speech, checked)),)
    return Block(
        "sources", line(speech.ui("answer.sources")), lines, sources=tuple(sources), checked=checked.isoformat()
    )
