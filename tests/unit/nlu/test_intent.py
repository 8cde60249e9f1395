from __future__ import annotations

import numpy as np
import pytest
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from scipy import sparse

from bot.nlu.features import NgramGroup, NgramSpec
from bot.nlu.fields import GLOSS, RANKING
from bot.nlu.heads import LinearHead, fit_temperature, softmax
from bot.nlu.intent import TopicClassifier, meaning_examples
from tests.unit.nlu.conftest import Bench, examples, message

DATA = examples(
    *[
        ("en", "repairs", text)
        for text in ("the roof leaks", "no heating at all", "mould on the wall", "boiler is broken")
    ],
    *[
        ("en", "pests", text)
        for text in ("mice in the kitchen", "rats under the floor", "bedbugs bite us", "cockroaches at night")
    ],
)


def glossed(text: str) -> Message:
    made = message(text)
    made.set(GLOSS, text)
    return made


@pytest.fixture
def trained(bench: Bench) -> TopicClassifier:
    for example in DATA.training_examples:
        example.set(GLOSS, example.get("text"))
    classifier: TopicClassifier = bench.create(TopicClassifier)
    classifier.train(DATA)
    return classifier


def test_ngram_features_equal_those_of_training() -> None:
    group, features = NgramGroup.fit(NgramSpec("word", (1, 2), 1), ["a b", "b c c"])
    columns, values = group.transform("b c c")
    dense = np.zeros(len(group.vocabulary), dtype=np.float32)
    dense[columns] = values
    assert np.allclose(features.toarray()[1], dense, atol=1e-6)
    assert np.linalg.norm(dense) == pytest.approx(1.0, abs=1e-6)


def test_text_of_unknown_ngrams_has_no_features() -> None:
    group, _ = NgramGroup.fit(NgramSpec("word", (1, 1), 1), ["a"])
    columns, values = group.transform("zzz")
    assert len(columns) == len(values) == 0


def test_temperature_makes_overconfident_scores_milder() -> None:
    scores = np.array([[9.0, 0.0], [9.0, 0.0], [0.0, 9.0], [9.0, 0.0]])
    labels = np.array(["a", "a", "b", "b"])  # one in four is wrong
    temperature = fit_temperature(scores, labels, np.array(["a", "b"]))
    assert softmax(scores / temperature).max() < 0.9


def test_head_learns_and_its_probabilities_sum_to_one() -> None:
    signs = sparse.csr_matrix(np.eye(4).repeat(10, axis=0))
    shuffled = sparse.csr_matrix(np.eye(4)[::-1].repeat(10, axis=0))
    head, other = LinearHead.fit_all([signs, shuffled], [name for name in "abcd" for _ in range(10)], strength=1.0)
    assert other.classes[int(other.scores(np.array([2]), np.array([1.0], dtype=np.float32)).argmax())] == "b"
    probabilities = head.probabilities(head.scores(np.array([2]), np.array([1.0], dtype=np.float32)))
    assert head.classes[int(probabilities.argmax())] == "c"
    assert probabilities.sum() == pytest.approx(1.0, abs=1e-5)


def test_every_topic_and_act_has_its_meaning_as_an_example() -> None:
    names = {example.get(INTENT) for example in meaning_examples()}
    assert len(names) == 101


@pytest.mark.parametrize(
    ("text", "topic"), [("water comes through the ceiling", "repairs"), ("there is a mouse in my room", "pests")]
)
def test_situation_is_understood_without_its_name(trained: TopicClassifier, text: str, topic: str) -> None:
    processed = trained.process([glossed(text)])[0]
    assert processed.get(INTENT)["name"] == topic
    ranking = processed.get(RANKING)
    assert len(ranking) == 5
    assert [share for _, share in ranking] == sorted((share for _, share in ranking), reverse=True)


def test_loaded_component_answers_as_the_trained_one(bench: Bench, trained: TopicClassifier) -> None:
    loaded = bench.load(TopicClassifier)
    for text in ("boiler is broken", "something bites in the night", "how do I bid"):
        one, other = trained.process([glossed(text)])[0], loaded.process([glossed(text)])[0]
        assert one.get(INTENT)["name"] == other.get(INTENT)["name"]
        assert one.get(INTENT)["confidence"] == pytest.approx(other.get(INTENT)["confidence"], abs=1e-4)


def test_nothing_in_the_model_is_a_pickle(bench: Bench, trained: TopicClassifier) -> None:
    files = [path for path in bench.storage._storage_path.rglob("*") if path.is_file()]
    assert files
    assert {path.suffix for path in files} == {".json", ".npz"}


def test_use_before_training_is_an_error(bench: Bench) -> None:
    with pytest.raises(RuntimeError, match="before"):
        bench.create(TopicClassifier).process([glossed("x")])
