"""What the actions share: reading the tracker, saying an answer."""

from __future__ import annotations

from typing import Any

from rapidfuzz import fuzz, process
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.answers.compose import compose
from bot.answers.model import Answer
from bot.answers.render import render_text
from bot.answers.say import RASA_CHANNEL, Say
from bot.i18n.locales import SOURCE_LANGUAGE
from bot.places.lookup import Candidate, find_place

Events = list[dict[str, Any]]
ADVISERS = "find_adviser"  # the topic that names people who can help with anything


def language_of(tracker: Tracker) -> str:
    """Return the language of the conversation."""
    return str(tracker.get_slot("language") or SOURCE_LANGUAGE)


def danger_of(tracker: Tracker) -> str | None:
    """Return the crisis topic whose one line goes before the answer, or None."""
    parsed = tracker.latest_message
    return parsed.get("crisis_topic") if parsed.get("crisis") == "maybe" else None


def fact_of(tracker: Tracker) -> str | None:
    """Return what a tapped answer of a form says (`nrpf=true`), or None."""
    return next(tracker.get_latest_entity_values("fact"), None)


def typed_payload(tracker: Tracker, asked: Answer, cutoff: int) -> str:
    """Return the payload of the button whose title was typed, in the person's words or in English; "" when none was.

    `cutoff` is the rapidfuzz ratio, 0–100, from which two texts are the same title.
    """
    titles = {title: choice.payload for choice in asked.choices for title in (choice.title.text, choice.title.english)}
    text = str(tracker.latest_message.get("text") or "").casefold()
    found = process.extractOne(text, list(titles), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=cutoff)
    return titles[found[0]] if found else ""


def area_of(tracker: Tracker) -> str | None:
    """Return the GSS code of the person's council, None while it is not known."""
    return tracker.get_slot("area_code")


def near_of(tracker: Tracker) -> list[float] | None:
    """Return latitude and longitude of the person's postcode district, None while it is not known."""
    return tracker.get_slot("near")


def named_place(tracker: Tracker) -> Candidate | None:
    """Return the one council that the message names or whose postcode it has; None when there is none or a choice."""
    postcode = next(tracker.get_latest_entity_values("postcode"), None)
    council = next(tracker.get_latest_entity_values("council"), None)
    named = council or postcode  # a council beside a postcode is the exact one
    return find_place(str(named)).only if named else None


def place_of(tracker: Tracker) -> tuple[str | None, list[float] | tuple[float, float] | None]:
    """Return (GSS code, latitude and longitude) of the place the message names, else of the one known before."""
    named = named_place(tracker)
    return (named.authority.gss_code, named.near) if named else (area_of(tracker), near_of(tracker))


def facts_of(tracker: Tracker) -> dict[str, Any]:
    """Return what is known of the person, as `say_topic` takes it: area, near, status, item."""
    return {"area": area_of(tracker), "near": near_of(tracker)} | {
        slot: tracker.get_slot(slot) for slot in ("status", "item")
    }


def utter(dispatcher: CollectingDispatcher, tracker: Tracker, say: Say) -> None:
    """Say it: as data for our channel, which composes it with what the directory has; as text for those of Rasa."""
    text = None
    if tracker.get_latest_input_channel() != RASA_CHANNEL:
        text = render_text(compose(say, language_of(tracker)))
    dispatcher.utter_message(text=text, json_message=dict(say))
