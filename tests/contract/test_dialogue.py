"""Conversations with the forms in several languages: a whole check, not knowing, corrections, interruptions, danger."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.conftest import Client, Person, open_person

Turn = dict[str, Any]
# What people write, by language: the beginning, a yes, not knowing, another question, danger.
WORDS = {
    "en": {
        "start": "Am I allowed to get social housing with my visa?",
        "status": "I have a spouse visa",
        "no": "no",
        "unsure": "I don't know",
        "other": "which bin do I put glass bottles in",
        "danger": "my husband hits me",
    },
    "ar": {
        "start": "هل يحق لي الحصول على سكن اجتماعي بإقامتي؟",
        "status": "عندي فيزا زوجة",
        "no": "لا",
        "unsure": "لا أعرف",
        "other": "في أي حاوية أضع القوارير الزجاجية",
        "danger": "زوجي يضربني",
    },
    "pl": {
        "start": "Czy z moim statusem mam prawo do mieszkania socjalnego?",
        "status": "mam wizę małżeńską",
        "no": "nie",
        "unsure": "nie wiem",
        "other": "do którego kosza wrzucić szklane butelki",
        "danger": "mąż mnie bije",
    },
    "ur": {
        "start": "کیا میرے ویزے پر مجھے کونسل کا گھر مل سکتا ہے؟",
        "status": "میرے پاس سپاؤس ویزا ہے",
        "no": "نہیں",
        "unsure": "مجھے نہیں معلوم",
        "other": "شیشے کی بوتلیں کس بن میں ڈالوں",
        "danger": "میرا شوہر مجھے مارتا ہے",
    },
}
VISAS = "Visa: family, work, study"
SPOUSE = "Spouse, partner, parent"


async def tap(person: Person, turn: Turn, english: str) -> Turn:
    """Tap the button with an English title and return the turn."""
    choices = [choice for message in turn["messages"] for choice in message["choices"]]
    wanted = next(choice for choice in choices if choice["english"] == english)
    status, answer = await person.post(choice=wanted["id"])
    assert status == 200, answer
    return answer


def titles(turn: Turn) -> list[str]:
    """Return the English titles of the buttons of the last message."""
    return [choice["english"] for choice in turn["messages"][-1]["choices"]]


def kinds(turn: Turn) -> list[str]:
    return [block["kind"] for message in turn["messages"] for block in message["blocks"]]


def verdicts(turn: Turn) -> list[str]:
    """Return the marks of the outcome card."""
    return [
        item["mark"] for message in turn["messages"] for block in message["blocks"] if block["kind"] == "verdict"
        for item in block["items"]
    ]  # fmt: skip


@pytest.fixture(params=list(WORDS))
async def speaker(request: pytest.FixtureRequest, client: Client) -> tuple[Person, dict[str, str]]:
    """Somebody who chose a language, and what they write."""
    return await open_person(client, language=request.param), WORDS[request.param]


async def test_the_whole_check(speaker: tuple[Person, dict[str, str]]) -> None:
    person, words = speaker
    turn = await person.says(words["start"])
    assert VISAS in titles(turn)
    turn = await tap(person, turn, VISAS)
    turn = await tap(person, turn, SPOUSE)
    assert {"Yes", "No"} <= set(titles(turn))
    turn = await person.says(words["no"])
    assert verdicts(turn) == ["yes", "yes", "yes"]
    assert "desk" in kinds(turn)
    assert "sources" in kinds(turn)


async def test_the_outcome_is_in_their_language(speaker: tuple[Person, dict[str, str]]) -> None:
    person, words = speaker
    turn = await tap(person, await tap(person, await person.says(words["start"]), VISAS), SPOUSE)
    turn = await tap(person, turn, "Yes")
    assert verdicts(turn) == ["no", "no", "no"]
    card = turn["messages"][-1]
    for block in card["blocks"]:
        if block["kind"] in ("verdict", "why", "open", "change", "review"):
            assert all((item["text"] != item["english"]) == (card["language"] != "en") for item in block["items"])


async def test_not_knowing_brings_help_and_an_end(speaker: tuple[Person, dict[str, str]]) -> None:
    person, words = speaker
    await person.says(words["start"])
    turn = await person.says(words["unsure"])
    assert "gov.uk/view-prove-immigration-status" in turn["messages"][0]["text"]
    assert VISAS in titles(turn)
    turn = await person.says(words["unsure"])
    assert verdicts(turn) == ["depends", "depends", "depends"]
    assert "contacts" in kinds(turn)


async def test_another_question_is_answered_and_the_check_goes_on(speaker: tuple[Person, dict[str, str]]) -> None:
    person, words = speaker
    await tap(person, await person.says(words["start"]), VISAS)
    turn = await person.says(words["other"])
    assert turn["messages"][0]["topic"] == "recycling_item"
    assert SPOUSE in titles(turn)


async def test_danger_ends_the_check(speaker: tuple[Person, dict[str, str]]) -> None:
    person, words = speaker
    await person.says(words["start"])
    turn = await person.says(words["danger"])
    assert [message["topic"] for message in turn["messages"]] == ["domestic_abuse"]
    assert "999" in turn["messages"][0]["text"]
    again = await person.says(words["other"])
    assert len(again["messages"]) == 1


async def test_a_correction_counts(speaker: tuple[Person, dict[str, str]]) -> None:
    person, words = speaker
    first = await tap(person, await tap(person, await person.says(words["start"]), VISAS), "Work visa")
    turn = await person.says(words["status"])
    assert {"Yes", "No"} <= set(titles(turn))
    assert first["messages"][-1]["text"] != turn["messages"][-1]["text"]
    assert verdicts(await tap(person, turn, "No")) == ["yes", "yes", "yes"]


@pytest.mark.parametrize(("language", "other"), [("en", "pl"), ("ar", "en"), ("ur", "ar")])
async def test_another_language_in_the_middle(client: Client, language: str, other: str) -> None:
    person = await open_person(client, language=language)
    turn = await tap(person, await person.says(WORDS[language]["start"]), VISAS)
    question = turn["messages"][-1]["english"]
    turn = await person.says(WORDS[other]["other"], language=other)
    assert turn["messages"][-1]["language"] == other
    assert turn["messages"][-1]["english"].endswith(question.split("\n")[-1])


async def test_stop_forgets_everything(speaker: tuple[Person, dict[str, str]]) -> None:
    person, words = speaker
    turn = await tap(person, await tap(person, await person.says(words["start"]), VISAS), "Stop")
    assert verdicts(turn) == []
    again = await person.says(words["start"])
    assert VISAS in titles(again)


async def test_why_is_asked_is_told(person: Person) -> None:
    turn = await tap(person, await person.says(WORDS["en"]["start"]), "Why do you ask?")
    assert "permission" in turn["messages"][0]["text"]
    assert VISAS in titles(turn)


async def test_two_answers_that_are_none_bring_a_way_out(person: Person) -> None:
    turn = await tap(person, await tap(person, await person.says(WORDS["en"]["start"]), VISAS), SPOUSE)
    for _ in range(2):
        turn = await person.says("blub blab xyzzy qqq")
    assert "A person can look at it with you" in turn["messages"][-1]["text"]


async def test_a_status_in_the_question_shortens_the_check(person: Person) -> None:
    turn = await person.says("Can I get a council flat with a spouse visa?")
    assert {"Yes", "No"} <= set(titles(turn))


@pytest.mark.parametrize("place", ["Leeds", "LS1 4AP", "ليدز"])
async def test_a_place_brings_the_local_part(person: Person, place: str) -> None:
    await person.says("How do I join the housing register?")
    turn = await person.says(place)
    answer = turn["messages"][-1]
    local = [block for block in answer["blocks"] if block["kind"] == "local"]
    assert local[0]["heading"]["english"] == "In Leeds"
    assert "leeds" in local[0]["contacts"][0]["url"]


async def test_an_ambiguous_postcode_is_asked_about(person: Person) -> None:
    await person.says("How do I join the housing register?")
    turn = await person.says("EN8 0AA")
    assert titles(turn) == ["Broxbourne", "Enfield"]
    answer = (await tap(person, turn, "Enfield"))["messages"][-1]
    assert answer["topic"] == "register_join"
    assert any(block.get("heading", {}).get("english") == "In Enfield" for block in answer["blocks"])


async def test_a_place_abroad_is_said_to_be_abroad(person: Person) -> None:
    await person.says("How do I join the housing register?")
    turn = await person.says("JE2 3AB")
    assert "Jersey" in turn["messages"][-1]["text"]


async def test_wales_is_sent_to_wales(person: Person) -> None:
    await person.says("How do I join the housing register?")
    turn = await person.says("I live in Cardiff")
    assert "Shelter Cymru" in turn["messages"][-1]["text"]


async def test_a_thing_to_throw_away_is_answered_for_the_council(person: Person) -> None:
    turn = await person.says("which bin for a pizza box in Leeds")
    waste = [block for block in turn["messages"][-1]["blocks"] if block["kind"] == "waste"]
    assert waste[0]["heading"]["english"] == "pizza box"
    assert (waste[0]["picture"], waste[0]["colour"]) == ("wheeled_bin", "green")


async def test_a_hazard_comes_first(person: Person) -> None:
    turn = await person.says("where do I throw old batteries")
    waste = next(block for block in turn["messages"][-1]["blocks"] if block["kind"] == "waste")
    assert "fire" in waste["items"][0]["english"]


async def test_the_class_finder_asks_three_questions(person: Person) -> None:
    turn = await person.says("I want to find an ESOL class")
    turn = await tap(person, turn, "A few sentences")
    turn = await person.says("evening, weekend")
    turn = await tap(person, turn, "Childcare")
    text = turn["messages"][-1]["text"]
    assert "Entry 1" in text
    assert "evening" in text
    assert "crèche" in text


async def test_places_near_the_person_say_why_and_change_with_the_buttons(person: Person) -> None:
    await person.says("I live in Haringey")
    turn = await person.says("is there a migrant support centre near me")
    places = [block for message in turn["messages"] for block in message["blocks"] if block["kind"] == "services"]
    assert places
    assert all(contact["details"] for contact in places[0]["contacts"])
    names = [contact["name"]["text"] for contact in places[0]["contacts"]]
    more = await tap(person, turn, "More places")
    others = [block for message in more["messages"] for block in message["blocks"] if block["kind"] == "services"]
    assert not set(names) & {contact["name"]["text"] for block in others for contact in block["contacts"]}
