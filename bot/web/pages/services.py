"""Places that can help: the list with its search, and the page of one. Forms and links only, no script, no map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.answers.blocks import speech_for
from bot.answers.choices import topic_choice
from bot.answers.load import is_topic
from bot.answers.render import render_contact
from bot.answers.service_page import ServicePage, Spot, compose_service, dated_card
from bot.core import clock
from bot.core.errors import NotFound
from bot.directory.search import Result
from bot.directory.signposts import Signposts, Wanted
from bot.i18n.locales import Locale
from bot.i18n.speech import Speech
from bot.places.authorities import Authority
from bot.places.lookup import Found, find_place
from bot.web.api.oruk import STORE
from bot.web.keys import DATABASE, SETTINGS
from bot.web.pages.missing import not_found
from bot.web.pages.search import LONGEST, find
from bot.web.pages.site import SERVICES, base_url, find_offered
from bot.web.pages.templates import render
from bot.web.qr import qr_code

LISTED = 10
LAST_PAGE = 30
MOST_COUNCILS = 8


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `place`: as typed; `found`: what it means; `page` counts from 1."""

    text: str
    place: str
    found: Found
    topic: str
    is_open: bool
    is_spoken: bool
    page: int

    @property
    def shown_place(self) -> str:
        """What stands in the field: a council's name rather than the code that a link carries."""
        only = self.found.only
        return only.authority.name if only and only.authority.gss_code == self.place else self.place

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.text or self.place or self.topic)

    def wanted(self, language: str) -> Wanted:
        """Return what to search for; words of any language also name one of our topics."""
        only = self.found.only
        named = find(language, self.text)[:1] if not self.topic else []
        near = only.near if only else None
        return Wanted(
            topic=self.topic or (named[0].topic if named else None),
            text=self.text,
            area_code=only.authority.gss_code if only else None,
            near=(near[0], near[1]) if near else None,
            language=language,
            is_open=self.is_open,
            is_spoken=self.is_spoken,
        )


async def get_list(request: web.Request) -> web.Response:
    """GET /{lang}/services: places, best first; `q`, `place`, `topic`, `open`, `mine`, `page` narrow or go on."""
    locale = find_offered(request, request.match_info["lang"])
    if locale is None:
        return not_found(request)
    asked, speech = _asked(request), speech_for(locale.tag)
    shown = await _find(request, asked, locale)
    cards = [render_contact(dated_card(result, speech)) for result in shown[:LISTED]]
    return render(
        request,
        "services.html",
        locale,
        path=SERVICES,
        asked=asked,
        cards=cards,
        place_said=place_said(asked, speech),
        councils=_councils(asked),
        topic=topic_choice(asked.topic, speech).title if asked.topic else None,
        more=_query(asked, page=asked.page + 1) if len(shown) > LISTED and asked.page < LAST_PAGE else "",
        query=lambda **changed: _query(asked, **changed),
    )


async def get_one(request: web.Request) -> web.Response:
    """GET /{lang}/services/{id}: one place; with what was searched for it also says why it was shown."""
    locale = find_offered(request, request.match_info["lang"])
    if locale is None:
        return not_found(request)
    asked = _asked(request)
    try:
        result = await _signposts(request).get(
            request.match_info["id"], None if asked.is_empty else asked.wanted(locale.tag)
        )
    except NotFound:
        return not_found(request)
    page = compose_service(result, locale.tag, clock.today())
    path = f"{SERVICES}/{result.service.id}"
    url = f"{base_url(request)}/{locale.tag}/{path}"
    return render(
        request,
        "service.html",
        locale,
        path=path,
        page=page,
        card_data=render_contact(page.card),
        directions=lambda spot: directions_to(spot, request.app[SETTINGS].directions_url),
        qr=qr_code(url),
        structured=structured_data(page, result, locale.tag, url),
    )


def place_said(asked: Asked, speech: Speech) -> str:
    """Return what is said about a place that is not one council; empty where it is one, or none is asked for."""
    found = asked.found
    if not asked.place or found.only:
        return ""
    if found.outside:
        return speech.ui("area.outside", place=found.outside).text
    if _councils(asked):
        return speech.ui("area.which").text
    return (speech.ui("area.too_wide", place=found.name) if found.name else speech.ui("area.not_found")).text


def _councils(asked: Asked) -> list[Authority]:
    """Return the councils to choose from; none where they are too many for that."""
    found = [one.authority for one in asked.found.candidates]
    return found if 1 < len(found) <= MOST_COUNCILS else []


def directions_to(spot: Spot, template: str) -> str:
    """Return the address that shows the way to a place; empty where there is no such site or the place is not known."""
    if not template or spot.latitude is None or spot.longitude is None:
        return ""
    return template.replace("{latitude}", f"{spot.latitude:.5f}").replace("{longitude}", f"{spot.longitude:.5f}")


def structured_data(page: ServicePage, result: Result, language: str, url: str) -> dict[str, Any]:
    """Return the place as schema.org knows a service."""
    service = result.service
    known = {
        "@context": "https://schema.org",
        "@type": "Service",
        "url": url,
        "inLanguage": language,
        "name": service.name,
        "description": page.card.description.text,
        "areaServed": ", ".join(area.name for area in service.service_areas if area.name),
        "availableLanguage": [spoken.name or spoken.code for spoken in service.languages],
        "provider": {"@type": "Organization", "name": service.organization.name},
        "telephone": page.card.phone,
        "sameAs": page.card.url,
    }
    return {name: value for name, value in known.items() if value}


async def _find(request: web.Request, asked: Asked, locale: Locale) -> list[Result]:
    """Return the places of the page and, where there are more, one of them."""
    first = (asked.page - 1) * LISTED
    wanted = asked.wanted(locale.tag)
    found = await _signposts(request).find(Wanted(**{**vars(wanted), "limit": first + LISTED + 1}))
    return list(found.results[first:])


def _signposts(request: web.Request) -> Signposts:
    return Signposts(request.app[DATABASE], request.app[STORE])


def _asked(request: web.Request) -> Asked:
    """Return what the address asks for; what cannot be read is not asked for."""
    query = request.query
    place, topic, page = _text(query.get("place", "")), query.get("topic", ""), query.get("page", "1")
    return Asked(
        text=_text(query.get("q", "")),
        place=place,
        found=find_place(place) if place else Found(),
        topic=topic if is_topic(topic) else "",
        is_open=query.get("open") == "1",
        is_spoken=query.get("mine") == "1",
        page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 4 else 1,
    )


def _text(value: str) -> str:
    return " ".join(value.replace("\0", " ").split())[:LONGEST]


def _query(asked: Asked, **changed: str | int) -> dict[str, str | int]:
    """Return the query of an address that asks for the same with changes."""
    same: dict[str, str | int] = {
        "q": asked.text, "place": asked.place, "topic": asked.topic,
        "open": int(asked.is_open), "mine": int(asked.is_spoken), **changed,
    }  # fmt: skip
    return {name: value for name, value in same.items() if value}
