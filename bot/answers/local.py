"""The local part of an answer: what we know of the person's council, who it is, and asking where they live."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.blocks import COUNCIL_FINDER, contact_card, line, plain, said_answer, speech_for
from bot.answers.choices import AREA_PAYLOAD
from bot.answers.model import Answer, Block, Choice, ContactCard, Line
from bot.directory.seed import get_service
from bot.i18n.speech import Said, Speech
from bot.places.authorities import Authority, get_authority
from bot.places.facts import CouncilFact, council_fact, responsible_code
from bot.places.lookup import Found

MOST_COUNCILS = 8  # buttons; of more, the postcode is asked
# Where law differs, who to ask in the other nations: nation → housing adviser there.
OTHER_NATIONS = {
    "wales": "shelter_cymru",
    "scotland": "shelter_scotland",
    "northern_ireland": "housing_rights_ni",
}


def local_block(kinds: Sequence[str], area_code: str, speech: Speech) -> Block:
    """Return what is known of the council for some kinds of facts; what is not known is said plainly."""
    authority = get_authority(area_code)
    known = [(kind, council_fact(responsible_code(area_code, kind), kind) or council_fact(area_code, kind))
             for kind in kinds]  # fmt: skip
    cards = [_fact_card(fact, authority, speech) for _, fact in known if fact]
    missing = [kind for kind, fact in known if not fact]
    lines: list[Said] = []
    if missing:
        lines.append(speech.ui("local.unknown", council=authority.name))
        lines += [speech.ui(f"local.{kind}") for kind in missing]
        codes = dict.fromkeys(responsible_code(area_code, kind) for kind in missing)
        cards += [council_card(code, speech) for code in codes]
    heading = speech.ui("local.heading", council=authority.name)
    return Block("local", line(heading), tuple(line(said) for said in lines), tuple(cards))


def council_card(area_code: str, speech: Speech) -> ContactCard:
    """Return a council as somebody to turn to: its site, or the finder of all councils."""
    authority = get_authority(area_code)
    finder = get_service(COUNCIL_FINDER)
    return ContactCard(
        id=f"council_{area_code}",
        name=line(speech.ui("contact.council", council=authority.name)),
        description=line(speech.ui("contact.local_authority_description")),
        url=authority.website or finder.url,
        checked=finder.checked,
    )


def ask_area_block(speech: Speech) -> Block:
    """Return the line that asks where the person lives."""
    return plain("local", [speech.ui("local.ask_area")])


def nation_block(area_code: str, speech: Speech) -> Block | None:
    """Return who to ask first where another nation's law applies; None in England."""
    nation = get_authority(area_code).nation
    if nation not in OTHER_NATIONS:
        return None
    name = speech.ui(f"answer.{nation}")
    said = Said(speech.ui("area.nation", nation=name.text).text, speech.ui("area.nation", nation=name.english).english)
    return Block("local", None, (line(said),), (contact_card(get_service(OTHER_NATIONS[nation]), speech),))


def compose_area(found: Found, language: str) -> Answer:
    """Return what is said to a place that is not one council: a choice, or what to write instead.

    Raises:
        NotFound: no such language.
    """
    speech = speech_for(language)
    if found.outside:
        said = speech.ui("area.outside", place=found.outside)
    elif not found.candidates and not found.name:
        said = speech.ui("area.not_found")
    elif not found.candidates or len(found.candidates) > MOST_COUNCILS:
        said = speech.ui("area.too_wide", place=found.name)
    else:
        said = speech.ui("area.guess" if found.only else "area.which")
    councils = found.candidates if len(found.candidates) <= MOST_COUNCILS else ()
    return said_answer(speech, (plain("text", [said]),), [area_choice(one.authority) for one in councils])


def area_choice(authority: Authority) -> Choice:
    """Return the button of a council; its name is the same in every language."""
    return Choice(Line(authority.name, authority.name), AREA_PAYLOAD + authority.gss_code)


def compose_kept_area(area_code: str, language: str, choices: Sequence[Choice]) -> Answer:
    """Return that the council is known now.

    Raises:
        NotFound: no such language or council.
    """
    speech = speech_for(language)
    said = speech.ui("area.kept", council=get_authority(area_code).name)
    return said_answer(speech, (plain("text", [said]),), choices)


def _fact_card(fact: CouncilFact, authority: Authority, speech: Speech) -> ContactCard:
    """Return a fact as somebody to turn to; of a scheme that has only its name, the council's site tells more."""
    label = speech.ui(f"local.{fact.kind}")
    name = Line(f"{label.text}: {fact.name}", f"{label.english}: {fact.name}") if fact.name else line(label)
    note = Line("", "") if fact.is_seen else line(speech.ui("local.unchecked"))
    return ContactCard(
        id=f"{fact.kind}_{authority.gss_code}",
        name=name,
        description=note,
        phone=fact.phone,
        tel="".join(char for char in fact.phone if char.isdigit()),
        url=fact.url or ("" if fact.phone else authority.website),
        checked=fact.checked.isoformat(),
    )
