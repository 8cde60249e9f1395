"""How many text messages a text is."""

from __future__ import annotations

import pytest

from bot.i18n.sms import GSM, fits_sms, segments


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # counts double
        ("€" * 81, 2),
        ("ą" * 70, 1),
        ("ą" * 71, 2),
        ("ą" * 134, 2),
        ("ą" * 135, 3),
        ("a" * 69 + "ą", 1),  # one letter outside the set costs all
        ("a" * 70 + "ą", 2),
        ("😀" * 35, 1),  # a pair of units each
        ("😀" * 36, 2),
        ("é" * 160, 1),
        ("م" * 70, 1),
    ],
)
def test_parts_are_counted_by_the_alphabet(text: str, number: int) -> None:
    assert segments(text) == number


def test_the_alphabet_is_the_one_of_the_standard() -> None:
    assert len(GSM) == 127  # 128 places, one of them the escape
    assert {"@", "à", "Ω", "\n"} <= GSM
    assert not {"ą", "`", "[", "ç"} & GSM


def test_a_placeholder_counts_as_what_will_stand_there() -> None:
    assert fits_sms("ą" * (134 - 13) + "{phone_shelter}")
    assert not fits_sms("ą" * (134 - 12) + "{phone_shelter}")
    assert fits_sms("ą" * (134 - 22) + "{url_shelter}")
    assert not fits_sms("ą" * (134 - 21) + "{url_shelter}")
