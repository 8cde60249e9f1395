"""Importing exact postcodes from small files of the two official forms, and finding them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.core.database import Database
from bot.core.errors import UserInputError
from bot.places import imports
from bot.places.exact import ImportedPostcodes, postcodes
from bot.places.imports import import_postcodes
from bot.places.lookup import ExactPostcode, find_place

ONSPD = """\
"pcd7","pcd8","pcds","dointr","doterm","oscty","oslaua","ctry","lat","long"
"SW9 8JH","SW9  8JH","SW9 8JH","198001","","E99999999","E09000022","E92000001",51.470123,-0.111987
"LS8 5QB","LS8  5QB","LS8 5QB","198001","201506","E99999999","E08000035","E92000001",53.823,-1.505
"JE2 3NG","JE2  3NG","JE2 3NG","199812","","L99999999","L99999999","L93000001",99.999999,0.000000
"NPT 1AA","NPT 1AA","NPT 1AA","198001","199606","W99999999","W06000022","W92000004",51.58,-2.99
"BT1 5GS","BT1  5GS","BT1 5GS","198001","","N99999999","N09000003","N92000002",54.597,-5.93
"""
CODE_POINT_SW = """\
"SW1A1AA",10,529090,179645,"E92000001","E19000003","E18000007","","E09000033","E05013806"
"SW9 8JH",10,531272,176022,"E92000001","E19000003","E18000007","","E09000022","E05000429"
"""
CODE_POINT_AB = """\
"AB101AB",10,394251,806376,"S92000003","","S08000020","","S12000033","S13002842"
"AB101ZZ",90,0,0,"S92000003","","S08000020","","S12000033","S13002842"
"""
PALACE = (51.501009, -0.141588)  # SW1A 1AA, as ONS gives it
METRE = 1e-5  # in degrees, about


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database in a file: reading has connections of its own."""
    opened = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    yield opened
    opened.close()


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def rows(database: Database) -> list[Any]:
    return database.run_now(lambda connection: connection.execute(select(postcodes).order_by("postcode")).all())


def count(database: Database) -> int:
    return int(
        database.run_now(lambda connection: connection.execute(select(func.count()).select_from(postcodes)).scalar())
    )


def test_onspd_is_stored(database: Database, tmp_path: Path) -> None:
    done = import_postcodes(database, write(tmp_path / "ONSPD.csv", ONSPD))
    assert (done.source, done.rows, done.stored, done.terminated, done.without_place, done.broken) == (
        "ONSPD", 5, 3, 1, 2, 0,
    )  # fmt: skip
    assert [tuple(row) for row in rows(database)] == [
        ("BT15GS", "N09000003", 5459700, -593000, False),
        ("LS85QB", "E08000035", 5382300, -150500, True),
        ("SW98JH", "E09000022", 5147012, -11199, False),
    ]


def test_an_imported_postcode_is_found(database: Database, tmp_path: Path) -> None:
    import_postcodes(database, write(tmp_path / "ONSPD.csv", ONSPD))
    exact = ImportedPostcodes(database)
    assert exact.find("SW9 8JH") == ExactPostcode("SW9 8JH", "E09000022", 51.47012, -0.11199)
    assert exact.find("LS8 5QB") == ExactPostcode("LS8 5QB", "E08000035", 53.823, -1.505, is_terminated=True)
    assert exact.find("JE2 3NG") is None
    assert exact.find("SW9 9ZZ") is None
    belfast = find_place("bt15gs", exact).only
    assert belfast is not None
    assert belfast.authority.name == "Belfast"


def test_finding_needs_no_turn_in_a_unit_of_work(database: Database, tmp_path: Path) -> None:
    import_postcodes(database, write(tmp_path / "ONSPD.csv", ONSPD))
    exact = ImportedPostcodes(database)
    with database.engine.begin():  # a writer is at work
        assert exact.find("SW9 8JH") is not None


def test_a_database_in_memory_or_without_the_table_knows_nothing(database: Database) -> None:
    memory = Database("sqlite://")
    assert ImportedPostcodes(memory).find("SW9 8JH") is None
    memory.close()
    database.run_now(lambda connection: postcodes.drop(connection))
    assert ImportedPostcodes(database).find("SW9 8JH") is None


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("pcd,pcd2,pcds,dointr,doterm,oslaua,lat,long", "SW9 8JH,SW9  8JH,SW9 8JH,1980,,E09000022,51.47,-0.11"),
        ("PCD7,PCD8,LAD25CD,LAT,LONG", "SW9 8JH,SW9  8JH,E09000022,51.47,-0.11"),
        ("pcd,laua,doterm,long,lat", "SW98JH,E09000022,,-0.11,51.47"),
        ("\ufeffpcds,lad23nm,lad23cd,lat,long", "SW9 8JH,Lambeth,E09000022,51.47,-0.11"),
    ],
)
def test_columns_are_found_by_their_names(database: Database, tmp_path: Path, header: str, row: str) -> None:
    import_postcodes(database, write(tmp_path / "any.csv", f"{header}\r\n{row}\r\n"))
    assert [tuple(row) for row in rows(database)] == [("SW98JH", "E09000022", 5147000, -11000, False)]


def test_code_point_open_is_placed_in_degrees(database: Database, tmp_path: Path) -> None:
    done = import_postcodes(database, write(tmp_path / "sw.csv", CODE_POINT_SW))
    assert (done.source, done.stored) == ("Code-Point Open", 2)
    palace = ImportedPostcodes(database).find("SW1A 1AA")
    assert palace is not None
    assert palace.gss_code == "E09000033"
    assert palace.latitude == pytest.approx(PALACE[0], abs=10 * METRE)
    assert palace.longitude == pytest.approx(PALACE[1], abs=10 * METRE)


def test_a_zip_of_code_point_open_with_its_documents(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "codepo_gb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Data/CSV/sw.csv", CODE_POINT_SW)
        archive.writestr("Data/CSV/ab.csv", CODE_POINT_AB)
        archive.writestr("Doc/Code-Point_Open_Column_Headers.csv", "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\nPostcode,Quality\n")
        archive.writestr("Doc/licence.txt", "Contains OS data")
    done = import_postcodes(database, path)
    assert (done.rows, done.stored, done.without_place, done.broken) == (4, 3, 1, 0)
    assert [row.postcode for row in rows(database)] == ["AB101AB", "SW1A1AA", "SW98JH"]


def test_a_folder_is_read_and_the_second_copy_of_onspd_left_out(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "ONSPD_FEB_2027"
    write(folder / "Data" / "ONSPD_FEB_2027_UK.csv", ONSPD)
    write(folder / "Data" / "multi_csv" / "ONSPD_FEB_2027_UK_SW.csv", ONSPD)
    write(folder / "Documents" / "LA_UA names and codes.csv", "LAD25CD,LAD25NM\nE09000022,Lambeth\n")
    assert import_postcodes(database, folder).rows == 5


def test_pieces_alone_are_read(database: Database, tmp_path: Path) -> None:
    write(tmp_path / "in" / "multi_csv" / "sw.csv", ONSPD)
    assert import_postcodes(database, tmp_path / "in").rows == 5


def test_repeating_changes_nothing_and_a_newer_file_does(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "ONSPD.csv", ONSPD)
    first = import_postcodes(database, path)
    before = rows(database)
    assert import_postcodes(database, path) == first
    assert rows(database) == before
    write(path, ONSPD.replace('"198001","","E99999999","E09000022"', '"198001","202612","E99999999","E09000022"'))
    import_postcodes(database, path)
    assert [row.is_terminated for row in rows(database)] == [False, True, True]


def test_a_broken_row_is_counted_and_named_and_the_rest_goes_in(database: Database, tmp_path: Path) -> None:
    bad = [
        '"","","nonsense","198001","","","E09000022","",51.4,-0.1',  # 7: no postcode
        '"","","SW9 8AA","198001","","","E09000022","",north,-0.1',  # 8: no number
        '"SW9 8AB',  # 9: cut off, with an open quote
        '"","","SW9 8AD","198001","","","E09000022","",5.14,-0.1',  # 10: in the Atlantic
        '"","","SW9 8AE","198001","","","E09000022","",51.4,-0.1,1,2',  # 11: too long
        '"","","SW9\x00 8AF","198001","","","E09000022","",nan,-0.1',  # 12: damaged
    ]
    good = '"","","SW9 8AG","198001","","","E09000022","",51.4,-0.1'
    done = import_postcodes(database, write(tmp_path / "a.csv", ONSPD + "\n".join([*bad, "", good, ""])))
    assert (done.broken, done.stored, done.rows) == (6, 4, 12)
    assert [row.rpartition(": ")[0] for row in done.broken_rows if "Kingdom" not in row] == [
        "a.csv:7", "a.csv:8", "a.csv:9", "a.csv:11", "a.csv:12",
    ]  # fmt: skip
    assert "a.csv:10: not in the United Kingdom" in done.broken_rows
    assert all("8AA" not in row for row in done.broken_rows)


def test_only_the_first_broken_rows_are_named(database: Database, tmp_path: Path) -> None:
    done = import_postcodes(database, write(tmp_path / "a.csv", ONSPD + "x\n" * 50))
    assert (done.broken, len(done.broken_rows)) == (50, imports.NAMED)


def test_a_postcode_twice_in_a_batch_is_the_later_one(database: Database, tmp_path: Path) -> None:
    again = '"","","SW9 8JH","198001","","","E09000024","",51.4,-0.1\n'
    import_postcodes(database, write(tmp_path / "a.csv", ONSPD + again))
    found = ImportedPostcodes(database).find("SW9 8JH")
    assert found is not None
    assert found.gss_code == "E09000024"


@pytest.mark.parametrize(
    "content",
    [b"", b"name,postcode\nAmina,SW9 8JH\n", b"\x00\x01\x02" * 400, b"PK\x03\x04 no zip",
     b"pcds,lat,long\nSW9 8JH,51.4,-0.1\n"],
)  # fmt: skip
def test_a_file_that_is_neither_is_refused_and_changes_nothing(
    database: Database, tmp_path: Path, content: bytes
) -> None:
    import_postcodes(database, write(tmp_path / "ONSPD.csv", ONSPD))
    before = rows(database)
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(UserInputError, match="neither ONSPD"):
        import_postcodes(database, path)
    assert rows(database) == before


def test_what_cannot_be_read_is_told(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="No such file"):
        import_postcodes(database, tmp_path / "missing.csv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserInputError, match="neither"):
        import_postcodes(database, tmp_path / "empty")
    assert count(database) == 0


def test_a_damaged_zip_is_told(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sw.csv", CODE_POINT_SW)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"531272", b"531279"))  # its checksum no longer fits
    with pytest.raises(UserInputError, match="damaged"):
        import_postcodes(database, path)


def test_progress_is_told_after_every_batch(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 2)
    told: list[tuple[int, float]] = []
    import_postcodes(database, write(tmp_path / "a.csv", ONSPD), lambda read, share: told.append((read, share)))
    assert [read for read, _ in told] == [2, 4, 5]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= 1
    assert shares[-1] > 0.8


def test_what_was_stored_before_a_failure_stays(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 1)

    def stop(read: int, _share: float) -> None:
        if read == 2:
            raise KeyboardInterrupt

    path = write(tmp_path / "a.csv", ONSPD)
    with pytest.raises(KeyboardInterrupt):
        import_postcodes(database, path, stop)
    assert count(database) == 2
    import_postcodes(database, path)
    assert count(database) == 3
