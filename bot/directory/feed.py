"""A feed of services, wherever it is: an address with pages (v3 or v1), a file, a CSV package.

Iterating yields raw services for `oruk_reader`. Only when `is_complete` is true afterwards was the whole feed read:
anything less must not make a service count as gone.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from bot.core.errors import SourceUnavailable, UserInputError
from bot.directory.download import Download, Downloader
from bot.directory.oruk_csv import entity_name, is_csv_package, nest, read_csv_package
from bot.directory.report import Report

MOST_PAGES = 5_000
MOST_SERVICES = 300_000
MOST_FILE_BYTES = 500_000_000
PER_PAGE = 100
DETAIL_THREADS = 4
LISTS = ("contents", "content", "data", "items", "results", "services")
DETAILS = (
    "service_at_locations", "schedules", "regular_schedules", "attributes", "service_taxonomys", "service_taxonomies",
    "organization", "contacts", "cost_options", "service_areas", "languages", "eligibilitys", "locations",
)  # fmt: skip
Fetch = Callable[[str], Download]


class Feed:
    """One pass over a feed. `total`: what it says it holds, once it has said so."""

    def __init__(
        self, address: str, *, report: Report, fetch: Fetch | None = None, allow_private: bool = False
    ) -> None:
        """Open a feed. `address`: an http(s) address or the path of a file or folder; `fetch` replaces the network."""
        self.address, self.report = address, report
        self.is_complete = False
        self.total: int | None = None
        self._fetch = fetch or Downloader(address, allow_private=allow_private).get

    def __iter__(self) -> Iterator[Any]:
        """Yield raw services.

        Raises:
            SourceUnavailable: the feed stopped answering; what came before stays good.
            UserInputError: there is no such file, or it is nothing we can read.
        """
        source = self._from_network() if is_url(self.address) else self._from_file(Path(self.address))
        for number, service in enumerate(source, start=1):
            if number > MOST_SERVICES:
                raise UserInputError("too_large", detail=f"{self.address}: more than {MOST_SERVICES} services")
            yield service

    def _from_file(self, path: Path) -> Iterator[Any]:
        if not path.exists():
            raise UserInputError("bad_request", detail=f"{path}: no such file")
        if is_csv_package(path):
            yield from read_csv_package(path)
        else:
            if path.stat().st_size > MOST_FILE_BYTES:
                raise UserInputError("too_large", detail=str(path))
            yield from self._all_of(parse(path.read_bytes(), str(path)), str(path))
        self.is_complete = True

    def _from_network(self) -> Iterator[Any]:
        first = self._fetch(self.address)
        start = self.address
        if first.body[:4] == b"PK\x03\x04":
            with tempfile.NamedTemporaryFile(suffix=".zip") as file:
                file.write(first.body)
                file.flush()
                yield from read_csv_package(Path(file.name))
            self.is_complete = True
            return
        content = self._content(first) if first.status == 200 else None
        if not _has_services(content):
            start = services_address(self.address)
            content = self._content(self._good(start))
        if isinstance(content, dict) and _list_in(content) is not None and "services" not in content:
            yield from self._pages(start, content)
        else:
            yield from self._all_of(content, start)
            self.is_complete = True

    def _pages(self, start: str, page: dict[str, Any]) -> Iterator[Any]:
        """Yield the services of every page; a feed that repeats itself or ends early is not complete."""
        self.total = _number(page, "total_items", "totalElements", "total_elements", "total")
        pages = _number(page, "total_pages", "totalPages")
        zero_based = _number(page, "page_number", "number") == 0 and not _is_last(page)
        seen: set[str] = set()
        for number in range(1, MOST_PAGES + 1):
            items = _list_in(page) or []
            fresh = [item for item in items if not (isinstance(item, dict) and str(item.get("id")) in seen)]
            if items and not fresh and number > 1:
                self.report.note("refused.page", start, f"{number}: the same as before")
                return
            seen.update(str(item.get("id")) for item in items if isinstance(item, dict))
            yield from self._detailed(start, items)
            if pages is not None and number >= pages or pages is None and (_is_last(page) or not items):
                self.is_complete = True
                return
            if not items:
                self.report.note("refused.page", start, f"{number}: empty, {pages} were promised")
                return
            following = page_address(start, number if zero_based else number + 1)
            page = self._content(self._good(following))
            if not isinstance(page, dict):
                page = {"contents": page if isinstance(page, list) else []}
        raise UserInputError("too_large", detail=f"{self.address}: more than {MOST_PAGES} pages")

    def _detailed(self, start: str, items: list[Any]) -> Iterator[Any]:
        """Yield services; where the list has only the outlines, each as its own address has it."""
        brief = [item for item in items if isinstance(item, dict) and not any(name in item for name in DETAILS)]
        if not brief or any(item.get("id") in (None, "") for item in brief):
            yield from items
            return
        with ThreadPoolExecutor(DETAIL_THREADS) as threads:
            yield from threads.map(lambda item: self._detail(start, item), items)

    def _detail(self, start: str, item: Any) -> Any:
        if not isinstance(item, dict) or any(name in item for name in DETAILS):
            return item
        parts = urlsplit(start)
        address = urlunsplit(
            (parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/{quote(str(item['id']), safe='')}", "", "")
        )
        answer = self._fetch(address)
        content = self._content(answer) if answer.status == 200 else None
        if not isinstance(content, dict):
            self.report.note("refused.detail", address, f"status {answer.status}")
            return item
        return {**item, **content}

    def _all_of(self, content: Any, where: str) -> Iterator[Any]:
        """Yield the services of a document that is whole in itself."""
        if isinstance(content, list):
            self.total = len(content)
            yield from content
        elif isinstance(content, dict) and _tables_in(content):
            yield from nest({entity_name(name): rows for name, rows in content.items() if _is_table(rows)})
        elif isinstance(content, dict) and _list_in(content) is not None:
            yield from _list_in(content) or []
        elif isinstance(content, dict) and _is_service(content):
            yield content
        else:
            raise UserInputError("bad_request", detail=f"{where}: no services in it")

    def _good(self, address: str) -> Download:
        answer = self._fetch(address)
        if answer.status != 200:
            raise SourceUnavailable(f"{address}: status {answer.status}")
        return answer

    def _content(self, answer: Download) -> Any:
        try:
            return parse(answer.body, answer.url)
        except UserInputError as error:
            if answer.url.rstrip("/") == self.address.rstrip("/"):
                return None  # a page for people; the services may lie below
            raise SourceUnavailable(f"{answer.url}: not JSON") from error


def is_url(address: str) -> bool:
    """Whether an address is one of the web."""
    return re.match(r"https?://", address, re.I) is not None


def parse(body: bytes, where: str) -> Any:
    """Return the content of JSON or, where each line is a document, a list of them.

    Raises:
        UserInputError: neither.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    try:
        return json.loads(text)
    except RecursionError:
        raise UserInputError("bad_request", detail=f"{where}: nested too deeply") from None
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
    try:
        if len(lines) > 1:
            return [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        pass
    raise UserInputError("bad_request", detail=f"{where}: not JSON")


def services_address(base: str) -> str:
    """Return where the services of an API lie.

    >>> services_address("https://example.org/api/")
    'https://example.org/api/services?page=1&per_page=100'
    """
    parts = urlsplit(base)
    path = parts.path.rstrip("/")
    path = path if path.endswith("/services") else f"{path}/services"
    query = {"page": "1", "per_page": str(PER_PAGE), **dict(parse_qsl(parts.query))}
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), ""))


def page_address(start: str, page: int) -> str:
    """Return the address of another page.

    >>> page_address("https://example.org/services?per_page=50", 2)
    'https://example.org/services?per_page=50&page=2'
    """
    parts = urlsplit(start)
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), "page": str(page)}
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def _list_in(content: dict[str, Any]) -> list[Any] | None:
    return next((content[name] for name in LISTS if isinstance(content.get(name), list)), None)


def _tables_in(content: dict[str, Any]) -> bool:
    return isinstance(content.get("services", content.get("service")), list) and len(content) > 1


def _has_services(content: Any) -> bool:
    """Whether a document holds services itself; a root document of an API does not."""
    if isinstance(content, dict):
        return _list_in(content) is not None or _tables_in(content) or _is_service(content)
    return isinstance(content, list)


def _is_table(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _is_service(content: dict[str, Any]) -> bool:
    return bool(content.get("id") and content.get("name"))


def _is_last(page: dict[str, Any]) -> bool:
    return page.get("last_page") is True or page.get("last") is True


def _number(page: dict[str, Any], *names: str) -> int | None:
    """Return a figure of a page, also one that lies in `pagination` or `meta`."""
    for part in (page, page.get("pagination"), page.get("meta")):
        for name in names:
            value = part.get(name) if isinstance(part, dict) else None
            if isinstance(value, str) and value.isdigit():
                value = int(value)
            if isinstance(value, int) and not isinstance(value, bool):
                return value
    return None
