import json
import os
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
from PIL import Image

from core import cli
from core.workspace import APP_FOLDER
from tests.core.known_colors import COLORS, draw_photo


@pytest.fixture
def ask(capsys):
    """Runs a command with --json: (exit code, document or None, what stderr says)."""

    def run(*arguments):
        code = cli.main([*map(str, arguments), "--json"])
        stdout, stderr = capsys.readouterr()
        return code, json.loads(stdout) if stdout else None, stderr

    return run


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LOUPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def color_folder(tmp_path):
    for color in COLORS[:2]:
        for number in range(10):
            draw_photo(tmp_path / "colors" / color / f"{number}.png", color, number)
    (tmp_path / "colors" / "blue" / "letter.jpg").write_text("Dear photographer")
    return tmp_path / "colors"


@pytest.fixture
def photo(at_known_run):
    folder = at_known_run.workspace.datasets / "colors" / "photos" / "green"
    return next(folder.glob("train-*.png"))


def png_size(path):
    with Image.open(path) as picture:
        return picture.size


def in_a_process(*arguments, home):
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, arguments)],
        cwd=APP_FOLDER,
        env=os.environ | {"LOUPE_HOME": str(home)},
        capture_output=True,
        text=True,
    )


def test_import_tells_what_became_of_every_file(ask, home, color_folder):
    code, document, _ = ask("import", color_folder, "--name", "My Colors", "--split", "60/20/20")
    assert code == 0
    assert (document["dataset"], document["images"]) == ("my-colors", 20)
    assert document["classes"] == {"blue": 10, "green": 10}
    assert document["splits"] == {"train": 12, "validation": 4, "test": 4}
    assert [entry["file"] for entry in document["skipped"]] == ["blue/letter.jpg"]
    assert document["repaired"] == []
    code, listed, _ = ask("datasets")
    assert (code, [entry["name"] for entry in listed]) == (0, ["my-colors"])


def test_import_refuses_a_taken_name_and_leaves_it_alone(ask, home, color_folder):
    assert ask("import", color_folder, "--name", "colors")[0] == 0
    code, document, stderr = ask("import", color_folder, "--name", "colors")
    assert (code, document) == (2, None)
    assert "already a data set called 'colors'" in stderr
    assert ask("import", color_folder)[1]["dataset"] == "colors-2"


def test_train_then_ask_the_run(ask, home, color_folder, tmp_path):
    ask("import", color_folder, "--name", "colors")
    code, trained, _ = ask(
        "train", "colors", "--recipe", "small-cnn", "--epochs", 2, "--seed", 3,
        "--set", "picture.image_size=16x16", "--set", "batch_size=4",
    )  # fmt: skip
    assert code == 0
    assert (trained["status"], trained["epochs"]) == ("finished", 2)
    assert 0 <= trained["train_accuracy"] <= 1 and 0 <= trained["val_accuracy"] <= 1
    assert trained["seconds"] > 0
    _, runs, _ = ask("runs")
    assert [(run["name"], run["dataset"]) for run in runs] == [(trained["run"], "colors")]
    _, evaluated, _ = ask("evaluate", trained["run"])
    assert evaluated["class_names"] == ["blue", "green"]
    assert sum(map(sum, evaluated["confusion"])) == evaluated["n"] > 0
    assert evaluated["interval"][0] <= evaluated["accuracy"] <= evaluated["interval"][1]
    config = json.loads((home / "runs" / trained["run"] / "config.json").read_text())
    assert config["recipe"]["training"]["seed"] == 3


def test_recipes_are_listed_by_name(ask, home):
    _, recipes, _ = ask("recipes")
    assert {"butterflies", "small-cnn"} <= {recipe["name"] for recipe in recipes}


def test_evaluate_another_split(ask, at_known_run):
    code, document, _ = ask("evaluate", at_known_run.name, "--split", "validation")
    assert (code, document["split"], document["n"]) == (0, "validation", 18)


def test_predict_goes_on_after_a_bad_file(ask, at_known_run, photo):
    code, answers, _ = ask("predict", at_known_run.name, photo, "nowhere.png", photo)
    assert code == 0
    assert [answer.get("label") for answer in answers] == ["green", None, "green"]
    assert set(answers[0]) == {"file", "label", "probability", "probabilities"}
    assert set(answers[1]) == {"file", "error"}


def test_maps_of_one_layer_and_of_all(ask, at_known_run, photo, tmp_path):
    out = tmp_path / "new" / "maps.png"
    code, one, _ = ask("maps", at_known_run.name, photo, "--layer", "pool", "--out", out)
    assert (code, one["layer"], one["shape"]) == (0, "pool", [12, 16, 3])
    assert [layer["name"] for layer in one["layers"]] == ["rescale", "conv2d", "pool"]
    assert png_size(out) == (152, 40)
    code, first, _ = ask("maps", at_known_run.name, photo, "--out", out)
    assert (code, first["layer"]) == (0, "conv2d")
    code, every, _ = ask("maps", at_known_run.name, photo, "--layer", "all", "--out", out)
    assert (code, every["layer"], every["layers"]) == (0, None, one["layers"])
    assert png_size(out)[1] > 100


def test_the_numbers_of_maps_and_of_attribution_are_written(ask, at_known_run, photo, tmp_path):
    numbers = tmp_path / "new" / "numbers.npz"
    run = at_known_run.name
    code, one, _ = ask("maps", run, photo, "--layer", "pool", "--npz", numbers)
    with np.load(numbers) as kept:
        model = keras.models.load_model(at_known_run.model_path)
        pool = keras.Model(model.inputs[0], model.get_layer("pool").output)
        assert kept["input"].shape == (1, 24, 32, 3)
        np.testing.assert_allclose(kept["maps"], pool(kept["input"]), atol=1e-5)
    assert (code, one["npz"], "out" in one) == (0, str(numbers), False)
    asked = ("attribute", run, photo, "--method", "integrated-gradients", "--class", "green")
    out = tmp_path / "why.png"
    code, why, _ = ask(*asked, "--npz", numbers, "--out", out, "--judged")
    with np.load(numbers) as kept:
        given = model(kept["input"]).numpy()[0] - model(0 * kept["input"]).numpy()[0]
        assert kept["attribution"].sum() == pytest.approx(given[1], rel=0.01)
    assert (code, why["class"], why["shape"]) == (0, "green", [1, 24, 32, 3])
    assert why["faithfulness"]["insertion_area"] > 0 and png_size(out) == (640, 480)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "COMMAND"),
        (["fly"], "invalid choice: 'fly'"),
        (["import", "/nowhere", "--name", "x"], "nowhere"),
        (["import", "sample:nothing", "--name", "x"], "nothing"),
        (["import", "/tmp", "--name", "!!"], "no letter or digit"),
        (["import", "/tmp", "--name", "x", "--split", "70/70"], "split"),
        (["train", "nothing", "--recipe", "small-cnn"], "no data set called 'nothing'"),
        (["train", "colors", "--recipe", "magic"], "no recipe 'magic'"),
        (["train", "colors"], "--recipe"),
        (["train"], "nothing to train on"),
        (["train", "--from", "ghost"], "no training and no file 'ghost'"),
        (["train", "--from", "known-colors", "--seed", "3"], "as it was, without --seed"),
        (["train", "colors", "--from", "known-colors", "--recipe", "small-cnn"], "leave one"),
        (["train", "colors", "--network", "ghost"], "no network 'ghost'"),
        (["train", "colors", "--network", "PHOTO"], "is no text"),
        (["train", "colors", "--recipe", "choose", "--network", "x"], "given already"),
        (["train", "colors", "--recipe", "small-cnn", "--augmentation", "x"], "augmentation 'x'"),
        (
            ["train", "colors", "--recipe", "butterflies", "--set", "picture.image_size=3x3"],
            "nearest pictures that work have",
        ),
        (
            ["train", "colors", "--recipe", "butterflies", "--set", "open_size=yes"],
            "layer 'flatten' lays all maps out",
        ),
        (["choose", "ghost"], "no data set called 'ghost'"),
        (["choose", "colors", "--minutes", "0"], "minutes above 0"),
        (["networks", "--export", "ghost"], "no network 'ghost'"),
        (["networks", "--import", "nowhere.json"], "nowhere.json cannot be opened"),
        (["train", "colors", "--recipe", "small-cnn", "--budget", "0"], "seconds above 0"),
        (["train", "colors", "--recipe", "small-cnn", "--epochs", "half"], "whole number"),
        (
            ["train", "colors", "--recipe", "small-cnn", "--epochs", "1", "--budget", "9"],
            "not allowed",
        ),
        (["train", "colors", "--recipe", "small-cnn", "--set", "speed=9"], "no field 'speed'"),
        (["train", "colors", "--recipe", "small-cnn", "--set", "epochs"], "field=value"),
        (["evaluate", "nothing"], "no run 'nothing'"),
        (["evaluate", "known-colors", "--split", "exam"], "no split 'exam'"),
        (["predict", "nothing", "a.jpg"], "python -m core runs"),
        (["predict", "known-colors"], "FILE"),
        (["maps", "known-colors", "nowhere.png", "--out", "a.png"], "nowhere.png: The file"),
        (
            ["maps", "known-colors", "PHOTO", "--layer", "dense", "--out", "a.png"],
            "no feature maps",
        ),
        (["maps", "known-colors", "PHOTO", "--out", "/proc/a.png"], "cannot be written"),
        (["maps", "known-colors", "PHOTO"], "--out, or a file of numbers with --npz"),
        (["maps", "known-colors", "PHOTO", "--layer", "all", "--npz", "a"], "one layer"),
        (["attribute", "known-colors", "PHOTO", "--method", "magic", "--out", "a"], "grad-cam"),
        (
            ["attribute", "known-colors", "nowhere", "--method", "occlusion", "--out", "a"],
            "nowhere: The file",
        ),
    ],
)
def test_mistakes_are_answered_in_one_sentence(ask, at_known_run, photo, arguments, sentence):
    arguments = [photo if argument == "PHOTO" else argument for argument in arguments]
    code, document, stderr = ask(*arguments)
    assert (code, document) == (2, None)
    assert sentence.lower() in stderr.lower()
    assert "Traceback" not in stderr


def test_a_fault_of_our_own_is_logged_not_shown(ask, home, monkeypatch):
    monkeypatch.setitem(cli.COMMANDS, "datasets", "core.commands.nowhere:missing")
    code, document, stderr = ask("datasets")
    assert (code, document) == (1, None)
    assert "Traceback" not in stderr and "command-line.log" in stderr
    assert "ModuleNotFoundError" in (home / "command-line.log").read_text()


def test_text_for_people(capsys, at_known_run, photo, tmp_path):
    said = {}
    for command in (
        ["datasets"],
        ["runs"],
        ["recipes"],
        ["evaluate", at_known_run.name],
        ["predict", at_known_run.name, str(photo), "nowhere.png"],
        ["maps", at_known_run.name, str(photo), "--out", str(tmp_path / "maps.png")],
        [
            *("attribute", at_known_run.name, str(photo), "--method", "occlusion", "--judged"),
            *("--out", str(tmp_path / "why.png")),
        ],
    ):
        assert cli.main(command) == 0
        said[command[0]] = capsys.readouterr().out
    assert "colors" in said["datasets"] and "blue, green, red" in said["datasets"]
    assert "known-colors" in said["runs"]
    assert "small-cnn" in said["recipes"]
    assert said["evaluate"].startswith("Test accuracy 90 %, 18 of 20 photos right.")
    assert f"{photo}: green" in said["predict"] and "cannot be opened" in said["predict"]
    assert "conv2d" in said["maps"] and "maps.png" in said["maps"]
    assert "speaks for green" in said["attribute"] and "deletion" in said["attribute"]


def test_stdout_holds_the_document_alone(at_known_run, photo):
    home = at_known_run.workspace.root
    done = in_a_process("predict", at_known_run.name, photo, "--json", home=home)
    assert done.returncode == 0
    assert json.loads(done.stdout)[0]["label"] == "green"
    assert "absl" not in done.stderr and "oneDNN" not in done.stderr


def test_library_chatter_below_python_goes_to_stderr(home):
    chatter = (
        "import os, sys; from core import cli, console\n"
        "def noisy(*_): os.write(1, b'from C\\n'); print('from Python'); return []\n"
        "import core.commands.datasets as module; module.run_datasets = noisy\n"
        "sys.exit(cli.main(['datasets', '--json']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", chatter],
        cwd=APP_FOLDER,
        env=os.environ | {"LOUPE_HOME": str(home)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert "from C" in done.stderr and "from Python" in done.stderr


def test_lists_do_not_wait_for_keras(home):
    script = (
        "import sys; from core import cli\n"
        "for command in sys.argv[1:]:\n"
        "    code = cli.main([command, '--json'])\n"
        "    if code or {'keras', 'tensorflow'} & set(sys.modules): sys.exit(f'{command}: {code}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "datasets", "runs", "recipes", "networks"],
        cwd=APP_FOLDER,
        env=os.environ | {"LOUPE_HOME": str(home)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_ctrl_c_stops_the_training_without_loss(ask, home, color_folder):
    ask("import", color_folder, "--name", "colors")
    arguments = ["train", "colors", "--recipe", "small-cnn", "--budget", "120", "--json"]
    arguments += ["--set", "picture.image_size=16x16", "--name", "interrupted"]
    training = subprocess.Popen(
        [sys.executable, "-m", "core", *arguments],
        cwd=APP_FOLDER,
        env=os.environ | {"LOUPE_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    metrics, waited_until = home / "runs" / "interrupted" / "metrics.jsonl", time.time() + 100
    while not metrics.exists() and training.poll() is None and time.time() < waited_until:
        time.sleep(0.1)
    training.send_signal(signal.SIGINT)
    stdout, stderr = training.communicate(timeout=60)
    assert training.returncode == 0, stderr
    document = json.loads(stdout)
    assert (document["status"], document["run"]) == ("stopped", "interrupted")
    assert document["epochs"] >= 1 and document["seconds"] < 100
    code, evaluated, _ = ask("evaluate", "interrupted")
    assert (code, evaluated["n"] > 0) == (0, True)


def test_check_finds_a_copy_and_says_so_in_words_and_in_json(ask, home, color_folder, capsys):
    copy = (color_folder / "blue" / "0.png").read_bytes()
    (color_folder / "green" / "copy.png").write_bytes(copy)
    assert ask("import", color_folder, "--name", "colours")[0] == 0
    code, document, _ = ask("check", "colours")
    kinds = {finding["kind"]: finding for finding in document["findings"]}
    assert code == 0 and document["checked"] == 21
    assert len(kinds["label_conflicts"]["groups"][0]) >= 2
    assert cli.main(["check", "colours"]) == 0
    assert "One photo, two classes" in capsys.readouterr().out
    assert ask("check", "nothing")[0] == 2
