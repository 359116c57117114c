import json
import zipfile

import keras
import pytest

from core.export.uploads import UnusableModel, open_model_file


def changed(source, target, change):
    """A copy of the .keras file `source` with its config.json changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "config.json":
                config = json.loads(data)
                change(config["config"]["layers"])
                data = json.dumps(config).encode()
            new.writestr(name, data)
    return target


def saved(model, path):
    model.save(path)
    return path


def test_an_honest_model_is_described(known_run):
    assert open_model_file(known_run.model_path) == {
        "input_shape": [24, 32, 3],
        "num_classes": 3,
        "layers": 5,
        "parameters": 24,
    }


def test_a_lambda_layer_is_refused(tmp_path):
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Lambda(lambda x: x * 2)])
    with pytest.raises(UnusableModel, match="contains program code"):
        open_model_file(saved(model, tmp_path / "lambda.keras"))


@pytest.mark.parametrize(
    ("module", "class_name", "registered_name"),
    [
        ("os", "system", None),
        ("hostile_module", "Layer", None),
        ("builtins", "function", "function"),
        ("subprocess", "Popen", "Conv2D"),
    ],
)
def test_foreign_code_is_never_imported(
    known_run, tmp_path, monkeypatch, module, class_name, registered_name
):
    trap = tmp_path / "hostile_module.py"
    trap.write_text("raise SystemExit('the hostile module was imported')")
    monkeypatch.syspath_prepend(str(tmp_path))

    def plant(layers):
        layers[1] |= {
            "module": module,
            "class_name": class_name,
            "registered_name": registered_name,
            "config": "touch hacked",
        }

    hostile = changed(known_run.model_path, tmp_path / "hostile.keras", plant)
    with pytest.raises(UnusableModel, match="contains program code"):
        open_model_file(hostile)
    assert "hostile_module" not in __import__("sys").modules


def test_code_hidden_deep_inside_a_layer_is_found(known_run, tmp_path):
    def plant(layers):
        layers[2]["config"]["kernel_initializer"] = {
            "module": "os",
            "class_name": "system",
            "config": {"command": "touch hacked"},
        }

    hostile = changed(known_run.model_path, tmp_path / "deep.keras", plant)
    with pytest.raises(UnusableModel, match=r"program code \(system\)"):
        open_model_file(hostile)


def test_files_that_are_no_models(tmp_path):
    (tmp_path / "photo.keras").write_bytes(b"\xff\xd8\xff not a model")
    with zipfile.ZipFile(tmp_path / "archive.keras", "w") as archive:
        archive.writestr("letter.txt", "Dear photographer")
    for name in ("photo.keras", "archive.keras", "nowhere.keras"):
        with pytest.raises(UnusableModel, match="is not a Keras model"):
            open_model_file(tmp_path / name)


def test_a_damaged_model_is_refused_in_words(known_run, tmp_path):
    def damage(layers):
        layers[2]["config"]["filters"] = "many"

    with pytest.raises(UnusableModel, match="cannot be opened"):
        open_model_file(changed(known_run.model_path, tmp_path / "damaged.keras", damage))


def test_a_model_that_is_no_picture_classifier(tmp_path):
    dense = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(UnusableModel, match="does not take one picture"):
        open_model_file(saved(dense, tmp_path / "dense.keras"))
    maps = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 3)])
    with pytest.raises(UnusableModel, match="one probability per class"):
        open_model_file(saved(maps, tmp_path / "maps.keras"))
