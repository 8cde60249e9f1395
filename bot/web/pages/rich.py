"""Text with numbers that can be tapped: phone numbers and official addresses inside a sentence become links.

Numbers and addresses keep their direction inside right-to-left text. Everything else is escaped. Addresses become links
only on official hosts, so that a sentence which repeats somebody's words can never carry a link elsewhere.
`widget/dom.js` does the same in the browser.

>>> str(rich("In danger, call 999."))
'In danger, call <a class="inline-tel" href="tel:999"><bdi dir="ltr">999</bdi></a>.'
>>> str(rich("<b> evil.example/x"))
'&lt;b&gt; evil.example/x'
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

PHONE = r"(?<![\w£.,/+-])(?:999|112|101|105|111|116 123|0\d{2,4}(?: ?\d){5,8})(?![\w%]|[.,/-]\d)"
OFFICIAL = (
    r"(?<![\w@./-])(?:https://)?(?:[a-z0-9-]+\.)*(?:gov\.uk|nhs\.uk)(?:/[A-Za-z0-9/_.#?=-]*[A-Za-z0-9/_])?(?![\w@])"
)
_DIALLED = re.compile(r"\+?[0-9]{3,15}")
_PLACE = re.compile(r"services/(?!\.{1,2}(?:\?|$))[\w.~%-]+(?:\?topic=[a-z_]+)?", re.ASCII)
_LINKED = re.compile(f"({PHONE})|({OFFICIAL})", re.ASCII)


def rich(text: str) -> Markup:
    """Return the sentence as HTML."""
    parts: list[Markup] = []
    end = 0
    for match in _LINKED.finditer(text):
        parts.append(escape(text[end : match.start()]))
        parts.append(_phone(match[1]) if match[1] else _site(match[2]))
        end = match.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def host_of(url: str) -> str:
    """Return the host of an address as people read it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def safe_url(url: str) -> str:
    """Return the address if a page may link to it (http or https, with a host), else an empty string."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that are no address
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def safe_tel(tel: str) -> str:
    """Return what is dialled if it is a telephone number, else an empty string."""
    return tel if _DIALLED.fullmatch(tel) else ""


def safe_page(path: str) -> str:
    """Return the path after the language if it is one of a page of a place, else an empty string."""
    return path if _PLACE.fullmatch(path) else ""


def _phone(number: str) -> Markup:
    return Markup('<a class="inline-tel" href="tel:{}"><bdi dir="ltr">{}</bdi></a>').format(
        number.replace(" ", ""), number
    )


def _site(address: str) -> Markup:
    url = address if address.startswith("https://") else f"https://{address}"
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer"><bdi dir="ltr">{}</bdi></a>').format(
        url, address
    )
