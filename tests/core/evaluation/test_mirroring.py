"""Mirror images at the test and on the command line: the same answers, compared in pairs."""

import os

import numpy as np
import pandas as pd
import pytest

from core import cli
from core.evaluation.metrics import wilson_interval
from core.evaluation.mirrored_results import (
    _compare,
    evaluate_mirrored,
    mirrored_path,
    read_mirrored,
    sentence,
)
from core.evaluation.mirroring import mirror_images
from core.evaluation.prediction import predict_files, predict_picture
from core.evaluation.results import ask, dataset_of
from core.images import load_picture


def test_files_and_splits_get_the_mirrored_answer_of_a_single_picture(known_run):
    dataset = dataset_of(known_run)
    photos = dataset.split("test").iloc[[0, 9]]
    paths = [dataset.photo_path(photo_id) for photo_id in photos["id"]]
    alone = [predict_picture(str(known_run.folder), str(path), True) for path in paths]
    together = predict_files(known_run, paths, mirrored=True)
    split = ask(known_run, photos, mirrored=True)
    for one, other, row in zip(alone, together, split, strict=True):
        shares = list(one["probabilities"].values())
        assert list(other["probabilities"].values()) == pytest.approx(shares, abs=1e-5)
        assert row.tolist() == pytest.approx(shares, abs=1e-5)


def test_several_pictures_are_mirrored_as_each_alone(known_run):
    dataset = dataset_of(known_run)
    spec, recipe = known_run.config.recipe.picture, known_run.config.recipe.augmentation
    paths = [dataset.photo_path(photo_id) for photo_id in dataset.manifest["id"][:3]]
    pictures = np.stack([load_picture(path, spec) for path in paths])
    together = mirror_images(pictures, recipe)
    for place, picture in enumerate(pictures):
        np.testing.assert_array_equal(together[:, place], mirror_images(picture, recipe))


def test_the_test_is_compared_and_kept_beside_the_run(known_run):
    about = evaluate_mirrored(known_run)
    assert read_mirrored(known_run) == about
    # The known model looks at colours only, which no mirror changes.
    assert about["plain"]["accuracy"] == about["mirrored"]["accuracy"] == 0.9
    assert about["difference"][0] == 0 and about["gained"] == about["lost"] == []
    assert about["mirrored"]["interval"] == pytest.approx(wilson_interval(18, 20))
    assert "Not one photo changed side." in about["sentence"]
    os.utime(mirrored_path(known_run), (1, 1))  # older than the model
    assert read_mirrored(known_run) is None


def answers(said, order):
    label = ["a"] * len(said)
    table = pd.DataFrame(
        {"id": list(map(str, range(len(said)))), "label": label, "predicted": said}
    )
    return table.assign(probability=0.9).iloc[order]


def test_photos_that_change_side_are_found_by_id_and_weighed():
    plain = answers(["b"] * 12 + ["a"] * 28, np.arange(40)[::-1])
    better = answers(["a"] * 11 + ["b"] + ["a"] * 28, np.arange(40))
    about = _compare(plain, better)
    assert [one["id"] for one in about["gained"]] == list(map(str, range(11)))
    assert about["lost"] == [] and about["shown"] and about["difference"][0] == 11 / 40
    words = {"plain": {"accuracy": 0.7}, "mirrored": {"accuracy": 0.975}}
    assert "That is better: 11 became right" in sentence(about | words)
    mixed = answers(["a"] * 2 + ["b"] * 11 + ["a"] * 27, np.arange(40))
    about = _compare(plain, mixed)
    assert len(about["gained"]) == 2 and len(about["lost"]) == 1 and not about["shown"]
    assert "no difference that this test set can show" in sentence(about | words)


def test_the_command_line_asks_with_mirror_images(capsys, at_known_run):
    dataset = dataset_of(at_known_run)
    path = str(dataset.photo_path(dataset.manifest["id"].iloc[0]))
    assert cli.main(["predict", at_known_run.name, path, "--mirrored"]) == 0
    assert f"{path}: blue" in capsys.readouterr().out
    assert cli.main(["evaluate", at_known_run.name, "--mirrored"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Test accuracy 90 %") and "With mirror images 90 %" in said
    assert cli.main(["evaluate", at_known_run.name, "--mirrored", "--split", "train"]) == 2
    assert "compared on the test photos" in capsys.readouterr().err
