"""A run whose network leaves the size open, asked about other sizes than it learnt from."""

import importlib.util
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.cli import main
from core.datasets.manifest import open_dataset
from core.errors import LoupeError
from core.evaluation.picture_size import offered_sizes, picture_for
from core.evaluation.prediction import predict_files, predict_picture, predict_pictures
from core.evaluation.results import evaluate_run
from core.export.files import bundle_run
from core.images import load_picture
from core.inspection import activations, grad_cam, layer_pictures
from core.models.loading import load_model

LARGER = (32, 40)


@pytest.fixture(scope="module")
def photos(open_run):
    dataset = open_dataset(open_run.workspace, "shapes")
    return [str(dataset.photo_path(one)) for one in dataset.split("test")["id"]]


def test_the_kept_model_has_an_open_input_and_answers_at_every_size(open_run, photos):
    model = load_model(open_run.model_path)
    assert model.input_shape == (None, None, None, 3)
    folder = str(open_run.folder)
    seen = load_picture(Path(photos[0]), picture_for(open_run, LARGER))
    assert seen.shape == (*LARGER, 3)
    (expected,) = predict_pictures(folder, seen[None])
    answer = predict_picture(folder, photos[0], image_size=LARGER)
    assert list(answer["probabilities"].values()) == pytest.approx(expected.tolist(), abs=1e-6)
    (same,) = predict_files(open_run, photos[:1], image_size=(16, 20))
    assert same == predict_files(open_run, photos[:1])[0]
    assert answer["probabilities"] != same["probabilities"]


def test_an_evaluation_at_another_size_leaves_that_of_its_own_alone(open_run):
    kept = (open_run.folder / "evaluation.json").read_bytes()
    found = evaluate_run(open_run, image_size=LARGER)
    assert found["image_size"] == list(LARGER) and 0 <= found["accuracy"] <= 1
    assert (open_run.folder / "evaluation.json").read_bytes() == kept
    assert "image_size" not in evaluate_run(open_run, image_size=(16, 20))


def test_maps_and_attention_have_the_size_that_was_asked_for(open_run, photos):
    folder = str(open_run.folder)
    own = activations.layers_with_maps(folder)
    larger = activations.layers_with_maps(folder, LARGER)
    assert [layer["shape"] for layer in own[:3]] == [[16, 20, 3], [16, 20, 8], [8, 10, 8]]
    assert [layer["shape"] for layer in larger[:3]] == [[32, 40, 3], [32, 40, 8], [16, 20, 8]]
    activations.warm(folder)
    sheet = activations.atlas(folder, photos[0], "conv2d_1", image_size=LARGER)
    assert (sheet["shape"], sheet["layers"]) == ([16, 20, 16], larger)
    one = layer_pictures.feature_map(folder, photos[0], "conv2d", 3, image_size=LARGER)
    assert one["shape"] == [32, 40]
    seen = load_picture(Path(photos[0]), picture_for(open_run, LARGER))
    looked = grad_cam.of_run(folder, seen[None], [1], "conv2d_1")
    assert looked["shape"] == [16, 20] and looked["maps"].shape == (1, *LARGER)


def test_the_bundle_says_that_other_sizes_are_taken_and_takes_them(
    open_run, trained_run, photos, tmp_path, monkeypatch
):
    programs = {}
    for run in (open_run, trained_run):
        with zipfile.ZipFile(bundle_run(run)) as archive:
            archive.extractall(tmp_path)
        place = tmp_path / run.name / "predict.py"
        monkeypatch.syspath_prepend(str(place.parent))
        spec = importlib.util.spec_from_file_location(run.name.replace("-", "_"), place)
        programs[run.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(programs[run.name])
    text = (tmp_path / open_run.name / "README.txt").read_text()
    assert "of 16 x 20, and of other sizes" in text and "{" not in text
    program = programs[open_run.name]
    program.take_size("32x40")
    (theirs,) = program.predict(photos[:1])
    (ours,) = predict_files(open_run, photos[:1], image_size=LARGER)
    assert theirs["probabilities"] == pytest.approx(ours["probabilities"], abs=1e-6)
    with pytest.raises(SystemExit, match="takes pictures of 16 x 16 only"):
        programs[trained_run.name].take_size("32x40")
    assert "other sizes" not in (tmp_path / trained_run.name / "README.txt").read_text()


def test_sizes_are_offered_where_there_is_a_choice(open_run, trained_run):
    assert offered_sizes(open_run) == [(8, 10), (12, 15), (16, 20), (24, 30), (32, 40), (48, 60)]
    assert offered_sizes(trained_run) == [(16, 16)]


def test_a_size_that_cannot_be_is_refused_in_words(open_run, trained_run):
    with pytest.raises(LoupeError, match="tiny-run.*16 × 16 pixels only.*not left open.*open_size"):
        picture_for(trained_run, (32, 32))
    with pytest.raises(LoupeError, match="max_pooling2d.*at least 2 × 2"):
        picture_for(open_run, (1, 9))
    with pytest.raises(LoupeError, match="9999 × 9 pixels.*1 to 2,048"):
        picture_for(open_run, (9999, 9))
    with pytest.raises(LoupeError, match="16 × 16 pixels only"):
        predict_picture(str(trained_run.folder), "nowhere.png", image_size=(32, 32))


def test_the_layer_that_forbids_another_size_is_named(open_run, tmp_path):
    from core.training.recipes import get_recipe
    from core.training.runs import Run

    config = open_run.config.model_copy(update={"recipe": get_recipe("butterflies")})
    (tmp_path / "config.json").write_text(config.model_dump_json())
    with pytest.raises(LoupeError, match="75 × 75 pixels only. Layer 'flatten' lays all maps out"):
        picture_for(Run(tmp_path), (99, 99))
    config = open_run.config.model_copy(update={"recipe": get_recipe("mobilenet-v2")})
    (tmp_path / "config.json").write_text(config.model_dump_json())
    with pytest.raises(LoupeError, match="trained before is built for one size"):
        picture_for(Run(tmp_path), (99, 99))


def test_the_command_line_asks_at_another_size(open_run, photos, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("LOUPE_HOME", str(open_run.workspace.root))

    def ask(*arguments):
        code = main([*arguments, "--image-size", "32x40", "--json"])
        stdout, stderr = capsys.readouterr()
        return (code, json.loads(stdout)) if stdout else (code, stderr)

    code, rows = ask("predict", "open-run", photos[0])
    (expected,) = predict_files(open_run, photos[:1], image_size=LARGER)
    assert code == 0 and rows == [expected]
    assert ask("evaluate", "open-run")[1]["image_size"] == [32, 40]
    assert main(["evaluate", "open-run", "--image-size", "32x40"]) == 0
    assert capsys.readouterr().out.startswith("Looked at with 32 × 40 pixels.")
    code, sheet = ask("maps", "open-run", photos[0], "--out", str(tmp_path / "maps.png"))
    assert code == 0 and sheet["shape"] == [32, 40, 8]
    assert "leave --image-size" in ask("evaluate", "open-run", "--mirrored")[1].lower()
    assert main(["predict", "open-run", photos[0], "--image-size", "large"]) == 2
    assert "height and width such as 128x128" in capsys.readouterr().err


def test_pictures_of_another_kind_are_still_refused(open_run):
    with pytest.raises(LoupeError, match="any size and 3 channels"):
        predict_pictures(str(open_run.folder), np.zeros((2, 8, 8, 1), np.uint8))
