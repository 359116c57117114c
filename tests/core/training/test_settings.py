import json

import pytest
from pydantic import ValidationError

from core.errors import LoupeError
from core.training.config import GROUPS, LENGTH, TrainingConfig
from core.training.settings import (
    FIELDS,
    about,
    changed,
    changes,
    facts,
    fields_of,
    in_words,
    matters,
    sentence,
)

OWN = TrainingConfig(epochs=3)


def test_every_setting_stands_in_one_group():
    grouped = [name for group in (*GROUPS, LENGTH) for name in fields_of(group)]
    assert sorted(grouped) == sorted(FIELDS)


@pytest.mark.parametrize("name", FIELDS)
def test_the_values_worth_trying_are_allowed(name):
    for value in about(name).get("values", []):
        assert getattr(changed(OWN, {name: value}), name) == value
    for value in {**about(name).get("titles", {}), **about(name).get("says", {})}:
        assert getattr(changed(OWN, {name: value}), name) == value


@pytest.mark.parametrize("name", FIELDS)
def test_conditions_name_fields_and_values_that_exist(name):
    for other, values in about(name).get("matters_when", {}).items():
        for value in values:
            assert matters(changed(OWN, {other: value}), name)


def test_momentum_matters_with_sgd_only():
    assert not matters(OWN, "momentum")
    assert matters(changed(OWN, {"optimizer": "sgd"}), "momentum")


def test_changes_are_told_in_words_and_only_where_they_matter():
    chosen = changed(OWN, {"learning_rate": 0.01, "momentum": 0.5, "balance": "batches"})
    told = {change.name: (change.own, change.chosen) for change in changes(OWN, chosen)}
    assert told == {"learning_rate": ("0.003", "0.01"), "balance": ("Off", "Equal batches")}


def test_how_long_it_takes_is_no_change():
    assert changes(OWN, changed(OWN, {"epochs": 7, "budget_seconds": 60})) == []


def test_values_are_read_as_people_say_them():
    assert in_words("early_stopping", None) == "off"
    assert in_words("early_stopping", 5) == "5 epochs"
    assert in_words("optimizer", "adamw") == "AdamW"
    assert in_words("schedule", "one-cycle") == "One-cycle"


def test_a_sentence_says_what_the_chosen_value_does():
    assert "stairs" in sentence("schedule", "step")
    assert "stairs" not in sentence("schedule", "constant")


@pytest.mark.parametrize(
    "values, word",
    [
        ({"learning_rate": -1}, "Learning rate"),
        ({"label_smoothing": 0.5}, "Label smoothing"),
        ({"epochs": None, "budget_seconds": None}, "an end|epochs"),
        ({"speed": 3}, "speed"),
        ({"batch_size": "many"}, "Batch size"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(values, word):
    with pytest.raises(LoupeError, match=word) as caught:
        changed(OWN, values)
    assert caught.value.next_step


def test_the_facts_are_those_of_the_model():
    told = {fact["field"]: fact for fact in json.loads(json.dumps(facts()))}
    assert set(told) == set(FIELDS)
    assert told["optimizer"]["choices"] == ["adamw", "muon", "adam", "rmsprop", "sgd"]
    assert told["drops"]["matters_when"] == {"schedule": ["step"]}
    for name, fact in told.items():
        assert fact["default"] == FIELDS[name].default
        assert fact["help"].endswith(".")
        for bound, beyond in (("at_least", -1), ("at_most", 1), ("above", 0), ("below", 0)):
            if bound in fact:
                with pytest.raises(ValidationError):
                    TrainingConfig.model_validate({"epochs": 1, name: fact[bound] + beyond})
