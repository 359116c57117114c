import numpy as np
import pytest

from core.augmentation.recipe import AugmentationRecipe
from core.augmentation.steps import VerticalFlip
from core.errors import LoupeError, UnusablePicture
from core.evaluation.mirroring import mirror_images
from core.evaluation.prediction import predict_files, predict_picture, predict_pictures
from core.evaluation.results import dataset_of, evaluate_run, read_predictions
from core.images import encode_png, load_picture


def photo_of(run, number):
    dataset = dataset_of(run)
    row = dataset.manifest.iloc[number]
    return row["id"], row["label"], dataset.photo_path(row["id"])


def test_path_and_bytes_get_the_same_answer(known_run):
    _, label, path = photo_of(known_run, 7)
    answer = predict_picture(str(known_run.folder), str(path))
    assert answer == predict_picture(str(known_run.folder), path.read_bytes())
    assert answer["label"] == label
    assert answer["probability"] == max(answer["probabilities"].values())
    assert list(answer["probabilities"]) == ["blue", "green", "red"]
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert answer["repairs"] == []


def test_the_mirrored_answer_is_the_mean_over_the_mirror_images(known_run, tmp_path):
    _, _, path = photo_of(known_run, 7)
    pixels = load_picture(path, known_run.config.recipe.picture)
    answers = []
    for number, view in enumerate(mirror_images(pixels, known_run.config.recipe.augmentation)):
        file = tmp_path / f"{number}.png"
        file.write_bytes(encode_png(view))
        answers.append(predict_picture(str(known_run.folder), str(file))["probabilities"])
    both = predict_picture(str(known_run.folder), str(path), mirrored=True)["probabilities"]
    for name, share in both.items():
        assert share == pytest.approx(np.mean([one[name] for one in answers]), abs=1e-5)


def test_upside_down_is_only_looked_at_if_the_training_showed_it():
    picture = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    two = mirror_images(picture, AugmentationRecipe())
    four = mirror_images(picture, AugmentationRecipe(steps=(VerticalFlip(),)))
    np.testing.assert_array_equal(two, [picture, picture[:, ::-1]])
    np.testing.assert_array_equal(four[2:], two[:, ::-1])


def test_prediction_sees_what_evaluation_saw(known_run):
    evaluate_run(known_run)
    table = read_predictions(known_run).set_index("id")
    photo_id, _, path = photo_of(known_run, 40)
    answer = predict_picture(str(known_run.folder), str(path))
    assert answer["probability"] == pytest.approx(table.loc[photo_id, "probability"], abs=1e-5)


def test_bad_files_get_their_reason_and_the_rest_goes_on(known_run, tmp_path):
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "letter.jpg").write_text("Dear photographer")
    good = [photo_of(known_run, number)[2] for number in (0, 6, 12)]
    files = [good[0], tmp_path / "empty.jpg", good[1], tmp_path / "letter.jpg", "nowhere.png"]
    answers = predict_files(known_run, [*files, good[2]])
    assert [answer["file"] for answer in answers] == [str(file) for file in [*files, good[2]]]
    assert [answer.get("label") for answer in answers] == [
        "blue", None, "green", None, None, "red",
    ]  # fmt: skip
    assert "0 bytes" in answers[1]["error"]
    assert "text" in answers[3]["error"]
    assert set(answers[4]) == {"file", "error"}


def test_only_bad_files_are_no_fault(known_run):
    (answer,) = predict_files(known_run, ["nowhere.png"])
    assert "cannot be opened" in answer["error"]


def test_many_files_are_asked_in_several_batches(known_run):
    _, _, path = photo_of(known_run, 0)
    answers = predict_files(known_run, [path] * 130)
    assert len(answers) == 130
    assert {answer["label"] for answer in answers} == {"blue"}


def test_a_broken_picture_raises_when_asked_alone(known_run):
    with pytest.raises(UnusablePicture):
        predict_picture(str(known_run.folder), b"not a picture")


def test_pictures_that_are_ready_are_asked_about_together(known_run):
    shape = known_run.config.recipe.picture.shape
    pictures = np.zeros((3, *shape), np.uint8)
    for place in range(3):
        pictures[place, ..., place] = 255  # red, green, blue
    answers = predict_pictures(str(known_run.folder), pictures)
    names = known_run.config.class_names
    assert [names[best] for best in answers.argmax(axis=1)] == ["red", "green", "blue"]
    assert answers.dtype == np.float32 and answers.sum(axis=1) == pytest.approx(np.ones(3))
    with pytest.raises(LoupeError, match="32 × 24 pixels and 3 channels, but these have 8 × 8"):
        predict_pictures(str(known_run.folder), np.zeros((2, 8, 8, 3), np.uint8))
