"""Feeds of every shape: pages, arrays, lines, tables; whole, empty, half."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.core.errors import SourceUnavailable, UserInputError
from bot.directory.download import Download
from bot.directory.feed import Feed
from bot.directory.report import Report
from tests.unit.directory.examples import v3_document

BASE = "https://feed.example.org/api"


class Server:
    """A feed with pages. `versions`: v3 or v1; `brief`: lists without details."""

    def __init__(self, number: int, *, per_page: int = 2, version: str = "v3", brief: bool = False) -> None:
        self.services = [v3_document(id=f"s{at}", name=f"Service {at}") for at in range(number)]
        self.per_page, self.version, self.brief = per_page, version, brief
        self.broken_from = 10**6
        self.asked: list[str] = []

    def __call__(self, url: str) -> Download:
        self.asked.append(url)
        parts = urlsplit(url)
        if parts.path == "/api":
            return _answer(url, {"version": "HSDS-UK-3.0", "profile": "x", "openapi_url": "y"})
        if parts.path == "/api/services":
            return self._page(url, int(parse_qs(parts.query).get("page", ["1"])[0]))
        found = [item for item in self.services if parts.path == f"/api/services/{item['id']}"]
        return _answer(url, found[0]) if found else _answer(url, {}, 404)

    def _page(self, url: str, page: int) -> Download:
        if page >= self.broken_from:
            raise SourceUnavailable("feed.example.org: status 503")
        start = (page - 1) * self.per_page
        contents: list[dict[str, Any]] = self.services[start : start + self.per_page]
        if self.brief:
            contents = [{"id": item["id"], "name": item["name"]} for item in contents]
        total, pages = len(self.services), -(-len(self.services) // self.per_page)
        if self.version == "v1":
            last = page >= pages
            return _answer(url, {"totalElements": total, "totalPages": pages, "number": page, "last": last,
                                 "content": contents})  # fmt: skip
        return _answer(url, {"total_items": total, "total_pages": pages, "page_number": page, "contents": contents})


def _answer(url: str, content: Any, status: int = 200) -> Download:
    return Download(url, status, "application/json", json.dumps(content).encode())


def _read(server: Any, address: str = BASE) -> tuple[list[str], Feed]:
    feed = Feed(address, report=Report(), fetch=server)
    return [item["id"] for item in feed], feed


@pytest.mark.parametrize("version", ["v1", "v3"])
@pytest.mark.parametrize("address", [BASE, f"{BASE}/services", f"{BASE}/services?per_page=2"])
def test_every_page_is_read_once(version: str, address: str) -> None:
    ids, feed = _read(Server(5, version=version), address)
    assert ids == ["s0", "s1", "s2", "s3", "s4"]
    assert (feed.is_complete, feed.total) == (True, 5)


def test_a_list_without_details_is_completed_from_each_address() -> None:
    server = Server(3, brief=True)
    services = list(Feed(BASE, report=Report(), fetch=server))
    assert all("organization" in service for service in services)
    assert sorted(url for url in server.asked if "/services/" in url) == [f"{BASE}/services/s{at}" for at in range(3)]


def test_a_detail_that_is_missing_leaves_the_outline() -> None:
    server, report = Server(2, brief=True), Report()
    names = [service["name"] for service in Feed(BASE, report=report, fetch=lambda url: (
        _answer(url, {}, 404) if url.endswith("/s1") else server(url)))]  # fmt: skip
    assert names == ["Service 0", "Service 1"]
    assert report.counts["refused.detail"] == 1


@pytest.mark.parametrize("shape", ["total_pages", "totalPages", "pagination", "meta"])
@pytest.mark.parametrize("items", ["contents", "content", "data", "items", "results"])
def test_counts_and_lists_under_other_names(shape: str, items: str) -> None:
    def serve(url: str) -> Download:
        page = int(parse_qs(urlsplit(url).query).get("page", ["1"])[0])
        counts: dict[str, Any] = {shape: {"total_pages": 2}} if shape in ("pagination", "meta") else {shape: 2}
        return _answer(url, {**counts, items: [v3_document(id=f"s{page}")]})

    ids, feed = _read(serve, f"{BASE}/services")
    assert (ids, feed.is_complete) == (["s1", "s2"], True)


def test_pages_counted_from_zero() -> None:
    def serve(url: str) -> Download:
        page = int(parse_qs(urlsplit(url).query).get("page", ["0"])[0])
        return _answer(
            url, {"number": page, "totalPages": 2, "last": page == 1, "content": [v3_document(id=f"s{page}")]}
        )

    assert _read(serve, f"{BASE}/services")[0] == ["s0", "s1"]


def test_a_feed_that_repeats_its_first_page_ends_and_is_not_complete() -> None:
    ids, feed = _read(
        lambda url: _answer(url, {"total_pages": 9, "contents": [v3_document(id="same")]}), f"{BASE}/services"
    )
    assert (ids, feed.is_complete) == (["same"], False)
    assert feed.report.counts["refused.page"] == 1


def test_pages_that_end_before_the_promised_number_are_not_complete() -> None:
    def serve(url: str) -> Download:
        page = int(parse_qs(urlsplit(url).query).get("page", ["1"])[0])
        return _answer(url, {"total_pages": 5, "contents": [v3_document(id=f"s{page}")] if page < 3 else []})

    ids, feed = _read(serve, f"{BASE}/services")
    assert (ids, feed.is_complete) == (["s1", "s2"], False)


def test_a_failure_in_the_middle_is_raised_and_not_complete() -> None:
    server = Server(6)
    server.broken_from = 2
    feed, ids = Feed(BASE, report=Report(), fetch=server), []
    with pytest.raises(SourceUnavailable):
        ids.extend(item["id"] for item in feed)
    assert not feed.is_complete


def test_an_empty_feed_is_complete_and_holds_nothing() -> None:
    ids, feed = _read(Server(0))
    assert (ids, feed.is_complete, feed.total) == ([], True, 0)


def test_an_address_that_is_a_page_for_people_leads_to_the_services_below() -> None:
    server = Server(1)
    html = Download(BASE, 200, "text/html", b"<!doctype html><title>Hello</title>")
    assert _read(lambda url: html if url == BASE else server(url))[0] == ["s0"]


def test_html_instead_of_services_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable, match="not JSON"):
        _read(lambda url: Download(url, 200, "text/html", b"<html>"), BASE)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("array.json", json.dumps([v3_document()])),
        ("page.json", json.dumps({"total_items": 1, "contents": [v3_document()]})),
        ("one.json", json.dumps(v3_document())),
        ("lines.ndjson", json.dumps(v3_document()) + "\n\n" + json.dumps(v3_document(id="b")) + "\n"),
        ("tabular.json", json.dumps({"services": [v3_document()], "locations": []})),
        ("bom.json", "\ufeff" + json.dumps([v3_document()])),
    ],
)
def test_files_of_every_shape(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    feed = Feed(str(path), report=Report())
    assert next(item["name"] for item in feed) == "Example Food Bank"
    assert len(list(feed)) == (2 if name == "lines.ndjson" else 1)
    assert feed.is_complete


@pytest.mark.parametrize("content", ["", "not json", "{}", "7", "[" * 100_000])
def test_a_file_that_is_nothing_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserInputError):
        list(Feed(str(path), report=Report()))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="nowhere.json"):
        list(Feed(str(tmp_path / "nowhere.json"), report=Report()))
