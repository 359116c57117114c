import io
import shlex
import zipfile

import pytest

from core.augmentation.presets import BUTTERFLIES
from core.training.recipes import apply_overrides, get_recipe
from core.training.runs import RunConfig
from ui.command_lines import changes, commands, has_own_variations


def codes(app):
    return [code.value for code in app.main.code]


def config(recipe, dataset="bears"):
    return RunConfig(
        run="bears-1",
        title="Bears",
        dataset=dataset,
        dataset_version=1,
        class_names=("black", "teddy"),
        recipe=recipe,
        created="2026-01-01T00:00:00+0000",
    )


def test_it_offers_the_model_a_link_and_the_commands(open_page, at_trained_run):
    app = open_page("share", run=at_trained_run.name)
    assert not app.exception and not app.error
    (button,) = app.main.get("download_button")
    assert "Download tiny-run.zip" in button.proto.label
    bundle = at_trained_run.workspace.cache / "bundles" / "tiny-run.zip"
    with zipfile.ZipFile(io.BytesIO(bundle.read_bytes())) as archive:
        assert "tiny-run/model.keras" in archive.namelist()
    assert any("evaluation?dataset=shapes&run=tiny-run" in code for code in codes(app))
    assert any(code.startswith("python -m core train shapes") for code in codes(app))


def test_a_bundle_that_cannot_be_made_is_told(open_page, at_trained_run, monkeypatch):
    from core.errors import LoupeError

    def refuse(run):
        raise LoupeError("The disk is full.", "Delete something.")

    monkeypatch.setattr("core.export.files.bundle_run", refuse)
    app = open_page("share", run=at_trained_run.name)
    assert "The disk is full." in app.error[0].value
    assert not app.exception


@pytest.mark.parametrize(
    "overrides",
    [
        {},
        {"epochs": 7},
        {"budget_seconds": 600},
        {"picture.image_size": (96, 128), "fit": "crop", "batch_size": 8, "seed": 3},
        {"learning_rate": 0.0005, "color_mode": "grayscale"},
    ],
)
def test_the_command_repeats_exactly_this_training(overrides):
    recipe = apply_overrides(get_recipe("small-cnn"), overrides)
    line = dict(commands(config(recipe), "bears.zip"))["Train"]
    arguments = shlex.split(line)
    assert arguments[:5] == ["python", "-m", "core", "train", "bears"]
    said = {}
    for place, word in enumerate(arguments):
        if word == "--set":
            name, value = arguments[place + 1].split("=")
            said[name] = value
        if word in ("--epochs", "--seed"):
            said[word.removeprefix("--")] = arguments[place + 1]
        if word == "--budget":
            said["budget_seconds"] = arguments[place + 1]
    again = get_recipe(arguments[arguments.index("--recipe") + 1])
    assert apply_overrides(again, said) == recipe


def test_the_run_itself_is_repeated_by_its_name():
    run = config(get_recipe("small-cnn"))
    line = dict(commands(run, "bears.zip"))["Repeat exactly this training"]
    assert shlex.split(line) == ["python", "-m", "core", "train", "--from", run.run]


def test_a_source_with_spaces_is_quoted():
    line = dict(commands(config(get_recipe("small-cnn")), "my bears"))["Bring the photos"]
    assert shlex.split(line)[4] == "my bears"


def test_variations_of_ones_own_are_not_passed_over_in_silence():
    recipe = get_recipe("small-cnn")
    assert not has_own_variations(recipe)
    assert has_own_variations(recipe.model_copy(update={"augmentation": BUTTERFLIES}))
    assert changes(recipe) == {}
