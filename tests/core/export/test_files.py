import importlib.util
import json
import os
import re
import subprocess
import sys
import zipfile

import cv2
import numpy as np
import pytest
from PIL import Image

from core.errors import NotFound
from core.evaluation.prediction import predict_files
from core.export.files import bundle_run
from core.images import PictureSpec, load_picture
from core.training.runs import create_run


@pytest.fixture(scope="module")
def bundle(known_run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    with zipfile.ZipFile(bundle_run(known_run)) as archive:
        archive.extractall(folder)
    return folder / known_run.name


@pytest.fixture(scope="module")
def odd_photos(tmp_path_factory):
    """A large turned JPEG, grey, palette, transparent and broken ones."""
    folder = tmp_path_factory.mktemp("odd")
    noise = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    large = Image.fromarray(cv2.resize(noise, (1200, 900), interpolation=cv2.INTER_CUBIC))
    exif = Image.Exif()
    exif[274] = 6
    large.save(folder / "turned.jpg", exif=exif)
    large.convert("L").save(folder / "grey.png")
    large.resize((200, 300)).quantize(32).save(folder / "palette.gif")
    clear = large.resize((70, 50)).convert("RGBA")
    clear.putalpha(90)
    clear.save(folder / "clear.png")
    (folder / "letter.jpg").write_text("Dear photographer")
    return sorted(folder.iterdir())


def test_bundle_holds_what_a_stranger_needs(known_run, bundle):
    assert {path.name for path in bundle.iterdir()} == {
        "model.keras", "config.json", "class_names.txt", "README.txt", "predict.py", "pictures",
    }  # fmt: skip
    assert (bundle / "class_names.txt").read_text() == "blue\ngreen\nred\n"
    config = json.loads((bundle / "config.json").read_text())
    assert (config["image_size"], config["fit"]) == ([24, 32], "stretch")
    assert config["run"]["recipe"]["name"] == "small-cnn"
    readme = (bundle / "README.txt").read_text()
    assert "blue, green and red apart" in readme
    assert "keras==" in readme and "{" not in readme


def test_bundled_program_answers_like_loupe_without_loupe(known_run, bundle, odd_photos, tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, str(bundle / "predict.py"), *map(str, odd_photos)],
        cwd=tmp_path,
        env=environment | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=True,
    )
    theirs, ours = json.loads(done.stdout), predict_files(known_run, odd_photos)
    assert len(theirs) == 5
    for their, our in zip(theirs, ours, strict=True):
        assert their.get("label") == our.get("label")
        assert their.get("error") == our.get("error")
        assert their.get("probabilities") == pytest.approx(our.get("probabilities"), abs=1e-6)
    code = "".join(path.read_text() for path in bundle.rglob("*.py"))
    assert not re.search(r"^\s*(from|import) (core|pydantic)", code, re.M)


@pytest.mark.parametrize("fit", ["stretch", "crop", "pad"])
@pytest.mark.parametrize("color_mode", ["rgb", "grayscale"])
def test_bundled_program_sees_the_same_pixels(bundle, odd_photos, monkeypatch, fit, color_mode):
    monkeypatch.syspath_prepend(str(bundle))
    place = importlib.util.spec_from_file_location("bundled_predict", bundle / "predict.py")
    program = importlib.util.module_from_spec(place)
    place.loader.exec_module(program)
    program.CONFIG.update(image_size=[40, 56], fit=fit, color_mode=color_mode)
    spec = PictureSpec(image_size=(40, 56), fit=fit, color_mode=color_mode)
    for photo in odd_photos:
        if photo.name != "letter.jpg":
            expected = load_picture(photo, spec)
            np.testing.assert_array_equal(program.load_picture(photo), expected)


def test_bundle_is_made_again_only_for_a_new_model(known_run):
    first = bundle_run(known_run)
    made = first.stat().st_mtime_ns
    assert bundle_run(known_run).stat().st_mtime_ns == made
    known_run.model_path.touch()
    assert bundle_run(str(known_run.folder)).stat().st_mtime_ns > made


def test_a_run_without_a_model_cannot_be_taken_away(known_run):
    unfinished = create_run(known_run.workspace, "colors", known_run.config.recipe, "no bundle")
    with pytest.raises(NotFound, match="no trained model"):
        bundle_run(unfinished)
