import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.augmentation import strength
from core.augmentation.recipe import NO_AUGMENTATION, AugmentationRecipe
from core.augmentation.steps import STEP_KINDS
from core.errors import LoupeError, Stopped
from core.evaluation.asked import ask_photos, evenly
from core.evaluation.results import evaluate_run, read_predictions
from core.evaluation.severity import answers_to, ask_at_strengths
from core.models.loading import load_model, predict_probabilities

WITH_STRENGTH = [kind for kind in STEP_KINDS if strength.can_be_shown(kind)]


def step_of(kind):
    return STEP_KINDS[kind].model_validate({"kind": kind})


def test_answers_are_those_to_the_pictures_of_the_strip(trained_run):
    recipe = AugmentationRecipe(fill_mode="constant", fill_value=30)
    step = step_of("rotation")
    found = ask_at_strengths(trained_run.folder, step, recipe)
    asked = ask_photos(trained_run, "validation")
    model = load_model(trained_run.model_path)
    for place, row in enumerate(asked.rows):
        shown = strength.strip(asked.array[row], step, recipe)
        expected = predict_probabilities(model, np.stack([level.picture for level in shown]))
        np.testing.assert_allclose(found.by_way[:, 0, place], expected, atol=1e-5)
    assert found.values == strength.strengths("rotation")
    assert found.class_names == ("disc", "frame")
    assert found.by_way.shape == (7, 2, len(asked.ids), 2) and found.by_way.dtype == np.float32
    assert found.probabilities.shape == (7, len(asked.ids), 2)
    np.testing.assert_allclose(found.probabilities.sum(axis=2), 1, atol=1e-5)


def test_unchanged_photos_get_the_answers_of_the_evaluation(known_run):
    found = ask_at_strengths(known_run, step_of("hue"), split="test")
    evaluate_run(known_run, "test")
    table = read_predictions(known_run, "test").set_index("id").loc[found.ids]
    columns = [f"p_{name}" for name in found.class_names]
    np.testing.assert_allclose(found.by_way[0, 0], table[columns], atol=1e-5)
    np.testing.assert_array_equal(found.by_way[0, 0], found.by_way[0, 1])
    assert found.right[0].mean() > found.right[-1].mean()


@pytest.mark.parametrize("kind", WITH_STRENGTH)
def test_both_ends_are_as_far_from_nothing_and_the_first_is_the_strip(kind):
    step = step_of(kind)
    for value in strength.strengths(kind):
        ends = strength.at_ends(step, value, NO_AUGMENTATION)
        assert len(ends) == (2 if kind in strength.TWO_SIDED else 1)
        assert len({end.changes_nothing for end in ends}) == 1
        assert value == strength.strengths(kind)[0] or len(set(ends)) == len(ends)


def test_what_changes_nothing_is_asked_once(known_run):
    asked = ask_photos(known_run, "validation")
    sizes = []

    def predict(pictures):
        sizes.append(len(pictures))
        return asked.predict(pictures)

    counting = dataclasses.replace(asked, predict=predict)
    ends = [
        end
        for value in strength.strengths("rotation", 3)
        for end in strength.at_ends(step_of("rotation"), value, NO_AUGMENTATION)
    ]
    answers_to(counting, ends)
    assert sum(sizes) == 5 * len(asked.ids)


def test_an_empty_split_is_refused_and_a_stop_is_obeyed(trained_run):
    with pytest.raises(LoupeError, match="no split 'garden'"):
        ask_at_strengths(trained_run, step_of("blur"), split="garden")

    def stop(done, total, message):
        if done:
            raise Stopped("enough")

    with pytest.raises(Stopped):
        ask_at_strengths(trained_run, step_of("blur"), progress=stop)


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=5),
    st.integers(1, 80),
)
def test_a_choice_is_even_over_the_classes_and_always_the_same(sizes, limit):
    labels = [f"class {number}" for number, size in enumerate(sizes) for _ in range(size)]
    photos = pd.DataFrame({"id": [f"{n:03d}" for n in range(len(labels))], "label": labels})
    chosen = evenly(photos, limit)
    assert len(chosen) == min(limit, len(photos)) and chosen["id"].is_unique
    counts = chosen["label"].value_counts()
    cut = [counts.get(f"class {n}", 0) for n, size in enumerate(sizes)]
    most = max(cut)
    assert all(count in (most, most - 1, size) for count, size in zip(cut, sizes, strict=True))
    assert chosen.equals(evenly(photos.sample(frac=1, random_state=3), limit))
