"""The CSV package: folder or zip, either name of a file, joined by ids."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import UserInputError
from bot.directory import oruk_csv
from bot.directory.oruk_csv import is_csv_package, nest, read_csv_package
from bot.directory.oruk_reader import read_services
from bot.directory.oruk_writer import service_document
from bot.directory.report import Report
from tests.unit.directory.examples import v3_document
from tests.unit.directory.profile import problems


def _tables() -> dict[str, list[dict[str, Any]]]:
    """Return the example taken apart into rows."""
    document = v3_document()
    organization = document.pop("organization")
    located, schedules, languages, attributes = (
        document.pop(name) for name in ("service_at_locations", "schedules", "languages", "attributes")
    )
    location = located[0]["location"]
    addresses = location.pop("addresses")
    term = attributes[0]["taxonomy_term"]
    taxonomy = {"id": term["taxonomy_id"], "name": term.pop("taxonomy"), "description": "A list."}
    owner = {"service_id": document["id"]}
    return {
        "services": [{**document, "organization_id": organization["id"]}],
        "organizations": [organization],
        "locations": [location],
        "service_at_location": [{"id": located[0]["id"], "location_id": location["id"], **owner}],
        "addresses": [{**addresses[0], "location_id": location["id"]}],
        "schedules": [{**schedules[0], **owner}],
        "languages": [{**languages[0], **owner}],
        "attributes": [
            {"id": attributes[0]["id"], "link_id": document["id"],
             "link_type": "service type", "link_entity": "service",
             "taxonomy_term_id": term["id"]}
        ],
        "taxonomies": [taxonomy],
        "taxonomy_terms": [term],
    }  # fmt: skip


def _write(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "datapackage.json").write_text("{}", encoding="utf-8")
    for name, rows in tables.items():
        out = io.StringIO()
        writer = csv.DictWriter(out, list(dict.fromkeys(key for row in rows for key in row)))
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{name}.csv").write_text("\ufeff" + out.getvalue(), encoding="utf-8")
    return folder


def _documents(path: Path) -> list[dict[str, Any]]:
    services = read_services(read_csv_package(path), feed="feed", report=Report())
    documents = [service_document(service) for service in services]
    for document in documents:
        document.pop("organization_id")
    return documents


@pytest.mark.parametrize("name", ["service_at_location", "service_at_locations", "services_at_location"])
def test_a_folder_is_read_as_the_nested_document(name: str, tmp_path: Path) -> None:
    tables = _tables()
    tables[name] = tables.pop("service_at_location")
    documents = _documents(_write(tmp_path / "package", tables))
    assert documents == [v3_document()]
    assert problems("organization", documents[0]["organization"]) == []


def test_a_zip_is_read_as_the_folder(tmp_path: Path) -> None:
    folder = _write(tmp_path / "package", _tables())
    packed = tmp_path / "package.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"export/{file.name}")
    assert is_csv_package(packed)
    assert _documents(packed) == _documents(folder) == [v3_document()]


def test_tables_in_json_are_the_same() -> None:
    tables = {oruk_csv.entity_name(name): rows for name, rows in _tables().items()}
    assert [document["name"] for document in nest(tables)] == ["Example Food Bank"]


def test_a_row_that_hangs_on_nothing_is_left_out(tmp_path: Path) -> None:
    tables = _tables()
    tables["phones"] = [{"id": "p", "number": "020 7946 0018", "service_id": "somebody else"}]
    assert "phones" not in _documents(_write(tmp_path / "package", tables))[0]


def test_a_package_without_services_is_refused(tmp_path: Path) -> None:
    tables = _tables()
    del tables["services"]
    with pytest.raises(UserInputError, match="no services.csv"):
        list(read_csv_package(_write(tmp_path / "package", tables)))


def test_a_package_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oruk_csv, "MOST_BYTES", 100)
    with pytest.raises(UserInputError, match="too_large"):
        list(read_csv_package(_write(tmp_path / "package", _tables())))


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    folder = _write(tmp_path / "package", _tables())
    (folder / "services.csv").write_bytes(b"id,name\n1,caf\xe9")
    with pytest.raises(UserInputError, match="services.csv"):
        list(read_csv_package(folder))
