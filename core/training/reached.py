"""What each recipe reached where it was tried: `docs/recipes/reached.json`, and its words."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from core.models.backbones import Backbone
from core.training.recipes import Recipe
from core.workspace import write_bytes

RECORDS = Path(__file__).resolve().parents[2] / "docs" / "recipes" / "reached.json"
HEAD = (
    "| photos | learnt from | pictures | epochs | right on the test photos | asked mirrored, too "
    "| weights | processor time | when |\n"
    "| --- | ---: | --- | ---: | --- | --- | ---: | ---: | --- |"
)
NOT_TRAINED = (
    "Not trained here: its pretrained weights could not be had where Loupe was measured. Its "
    "blocks,\nits shapes and the name of its weights file are tested against Keras, with random "
    "weights.\n"
)
NOT_YET = "Not measured here yet. With a data set of your own, the command above does it.\n"


class Reached(BaseModel):
    """One training, as it ended.

    Attributes:
        photos: How many photos it learnt from; `tested`: how many others it was asked about.
        accuracy: The share of the test photos that it got right, 0..1.
        interval: Where that share lies with 95 % certainty (Wilson).
        mirrored: The same with the mean over each photo and its mirror images.
        processor_seconds: Of all cores, for the whole command `train`.
        note: What is to be known about the number of epochs.
    """

    model_config = ConfigDict(frozen=True)

    recipe: str
    data: str
    photos: int
    tested: int
    classes: int
    image_size: tuple[int, int]
    epochs: int
    seed: int
    accuracy: float
    interval: tuple[float, float]
    mirrored: float
    processor_seconds: float
    parameters: int
    date: str
    note: str = ""


_ALL = TypeAdapter(list[Reached])


def read_reached(path: Path = RECORDS) -> list[Reached]:
    """All trainings on record, by recipe and data set."""
    return _ALL.validate_json(path.read_bytes()) if path.exists() else []


def write_reached(fresh: list[Reached], path: Path = RECORDS) -> None:
    """Adds `fresh`; of each recipe and data set only the newest training stays."""
    known = {(one.recipe, one.data): one for one in [*read_reached(path), *fresh]}
    ordered = [known[key] for key in sorted(known)]
    write_bytes(path, _ALL.dump_json(ordered, indent=1) + b"\n")


def reached_table(recipe: Recipe, records: list[Reached]) -> str:
    """What `recipe` reached as a Markdown table, or the sentence that it was not tried."""
    own = [one for one in records if one.recipe == recipe.name]
    if not own:
        return NOT_TRAINED if isinstance(recipe.architecture, Backbone) else NOT_YET
    notes = [f"On {one.data}: {one.note}." for one in own if one.note]
    lines = [HEAD, *(_row(one) for one in own)]
    return "\n".join(lines) + "\n" + ("\n" + "\n".join(notes) + "\n" if notes else "")


def _row(one: Reached) -> str:
    low, high = one.interval
    height, width = one.image_size
    return (
        f"| {one.data}, {one.classes} classes | {one.photos:,} | {height} × {width} | {one.epochs} "
        f"| {_percent(one.accuracy)} of {one.tested:,} ({_percent(low)} to {_percent(high)}) "
        f"| {_percent(one.mirrored)} | {one.parameters:,} | {one.processor_seconds:,.0f} s "
        f"| {one.date} |"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
