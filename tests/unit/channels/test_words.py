"""Stop, start and more in every language, as the whole message only."""

from __future__ import annotations

import pytest

from bot.channels.words import is_more, is_start, is_stop, more_word
from bot.i18n.locales import Locale
from bot.i18n.speech import Speech


def test_every_word_of_every_language_counts(each_locale: Locale) -> None:
    speech = Speech(each_locale.tag)
    for key, is_word in (("channel.stop_words", is_stop), ("channel.start_words", is_start)):
        for word in speech.ui(key).text.split(","):
            assert is_word(word)
            assert is_word(f" {word.strip().upper()}! ") or not word.isascii()


def test_the_word_for_more_is_the_one_people_are_told(each_locale: Locale) -> None:
    word = more_word(each_locale.tag)
    assert word in Speech(each_locale.tag).ui("channel.more").text
    assert is_more(word)
    assert not is_stop(word)


@pytest.mark.parametrize("text", ["stop it", "bus stop", "starting", "", "   ", "more help", "stop" * 20])
def test_other_texts_do_not(text: str) -> None:
    assert not any(is_word(text) for is_word in (is_stop, is_start, is_more))


@pytest.mark.parametrize("text", ["Oprește", "opreste", "«توقف»", "стоп.", "إيقاف", "بند۔"])
def test_spelling_and_punctuation_do_not_matter(text: str) -> None:
    assert is_stop(text)
