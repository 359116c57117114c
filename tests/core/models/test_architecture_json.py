import json
import os

import pytest

from core.errors import LoupeError, NotFound
from core.models import saved
from core.models.architecture import Architecture
from core.models.architecture_json import read_architecture, write_architecture
from core.models.layers import LAYER_KINDS, Output
from core.training.recipes import get_recipe
from core.workspace import restore

RESNET = get_recipe("resnet").architecture
BUTTERFLIES = get_recipe("butterflies").architecture


def file(**fields):
    return json.dumps({"name": "n", "layers": [{"kind": "output"}], **fields})


def layers(*kinds):
    return file(layers=[*kinds, {"kind": "output"}])


def test_a_network_of_every_kind_survives_the_way_out_and_in():
    kinds = [kind() for name, kind in LAYER_KINDS.items() if name != "output"]
    everything = Architecture(name="everything", layers=(*kinds, Output()))
    assert read_architecture(write_architecture(everything)) == everything
    assert read_architecture(write_architecture(RESNET)) == RESNET


def test_layers_written_before_there_were_new_fields_are_read_as_they_were():
    old = [
        {"kind": "conv2d", "filters": 8, "kernel_size": 3, "strides": 1, "padding": "same"},
        {"kind": "batch_normalization", "momentum": 0.9},
        {"kind": "dense", "units": 3, "activation": "relu"},
    ]
    read = read_architecture(layers(*old))
    assert read.layers[0].use_bias and read.layers[0].activation == "linear"
    assert list(read.names().values()) == ["conv2d", "batch_normalization", "dense", "output"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON text"),
        ("[" * 100_000, "no JSON text"),
        ('{"layers":' * 3000, "no JSON text"),
        ("[1]", "is a JSON object"),
        (" " * 1_000_001, "at most 1,000,000 characters"),
        (file(version=2), "format 2.*newer Loupe"),
        (file(version="new"), "'version' must be 1"),
        (file(version=True), "'version' must be 1"),
        (file(version=-1), "'version' must be 1"),
        (file(name=""), "1 to 80 characters"),
        (file(name="x" * 9999), "9,999"),
        (file(name=3), "field 'name'"),
        (file(colour=1), "The network has no field 'colour'"),
        ('{"name": "n"}', "The network lacks its field 'layers'"),
        (file(layers="all"), "field 'layers'"),
        (file(layers=[]), "ends with its one layer"),
        (file(layers=[{"kind": "output"}] * 2), "ends with its one layer"),
        (file(layers=[{"kind": "flatten"}]), "ends with its one layer"),
        (file(layers=[{"kind": "flatten"}] * 30_000), "at most 500 layers here, this one has 30,"),
        (file(layers=[1]), "Layer 1: an object, from { to }, is expected. Received 1"),
        (
            layers({"kind": "dense", "units": "many"}),
            r"Layer 1 \(dense\), field 'units': a whole number is expected. Received 'many'",
        ),
        (
            layers({"kind": "conv2d", "padding": "full"}),
            "'valid' or 'same' is expected. Received 'full'",
        ),
        (layers({"kind": "melt"}), "no layer 'melt'.*Known layers: conv2d"),
        (layers({"units": 3}), "Layer 1"),
        (layers({"kind": "conv2d", "filters": 10**30}), r"Layer 1 \(conv2d\), field 'filters'"),
        (layers({"kind": "conv2d", "filters": -1}), "a number of at least 1 is expected.*-1"),
        (layers({"kind": "dropout", "rate": 1.5}), "a number below 1 is expected"),
        (layers({"kind": "dense", "name": "x"}), r"Layer 1 \(dense\) has no field 'name'"),
        (layers({"kind": "residual_block", "layers": []}), "Layer 1"),
        (
            layers({"kind": "residual_block", "layers": [{"kind": "dropout"}] * 51}),
            "holds 51 layers",
        ),
        (
            layers({"kind": "residual_block", "layers": [{"kind": "residual_block"}]}),
            r"Layer 1 \(residual_block\) cannot hold a layer 'residual_block'. It can hold conv2d",
        ),
        (
            layers({"kind": "residual_block", "layers": [{"kind": "conv2d", "strides": 0}]}),
            r"Layer 1, its layer 1 \(conv2d\), field 'strides'",
        ),
        (file(layers=[{"kind": "dropout", "rate": float("nan")}, {"kind": "output"}]), "rate"),
    ],
)
def test_what_is_no_network_is_refused_in_a_sentence(text, said):
    with pytest.raises(LoupeError, match=said) as refused:
        read_architecture(text)
    assert "validation error" not in str(refused.value) and len(str(refused.value)) < 500


def test_networks_are_saved_renamed_duplicated_and_brought_back(workspace):
    key = saved.save_architecture(workspace, RESNET, " My net ")
    assert saved.get_saved(workspace, key).layers == RESNET.layers
    copy = saved.duplicate_saved(workspace, key)
    other = saved.rename_saved(workspace, copy, "Another")
    assert [one.name for one in saved.list_saved(workspace).values()] == ["Another", "My net"]
    token = saved.delete_saved(workspace, other)
    assert list(saved.list_saved(workspace)) == [key]
    restore(workspace, token)
    assert len(saved.list_saved(workspace)) == 2


def test_saving_under_a_taken_name_keeps_what_was_there_in_the_bin(workspace):
    saved.save_architecture(workspace, RESNET, "net")
    saved.save_architecture(workspace, BUTTERFLIES, "net")
    assert saved.get_saved(workspace, "net").layers == BUTTERFLIES.layers
    assert len(os.listdir(workspace.bin)) == 1


def test_a_damaged_file_is_left_alone_and_a_bad_name_refused(workspace):
    key = saved.save_architecture(workspace, RESNET, "net")
    path = workspace.root / "architectures" / "other" / "architecture.json"
    path.parent.mkdir()
    path.write_text('{"version": 9}')
    assert list(saved.list_saved(workspace)) == [key] and path.exists()
    for name in ("", " ", "x" * 61):
        with pytest.raises(LoupeError, match="1 to 60 characters"):
            saved.save_architecture(workspace, RESNET, name)
    with pytest.raises(LoupeError, match="There is a saved network called 'other'"):
        saved.rename_saved(workspace, key, "other")
    with pytest.raises(NotFound, match="any longer"):
        saved.get_saved(workspace, "../../etc")
