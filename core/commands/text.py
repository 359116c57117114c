"""The commands' answers as text for a person; `--json` is for programs."""

from collections.abc import Callable, Sequence
from typing import Any

from core.commands.settings_text import settings_text
from core.datasets.edits import photos
from core.evaluation.metrics import percent
from core.evaluation.twin_words import points
from core.training.effects import passed_over_in_words

MOST_SHOWN = 5


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns side by side; numbers to the right, words to the left."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    lines = ["  ".join(name.ljust(width) for name, width in zip(header, widths, strict=True))]
    for row, texts in zip(rows, cells, strict=True):
        lines.append(
            "  ".join(
                text.rjust(width) if isinstance(value, int | float) else text.ljust(width)
                for value, text, width in zip(row, texts, widths, strict=True)
            )
        )
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return "" if value is None else str(value)


def _columns(*names: str, empty: str) -> Callable[[list[dict[str, Any]]], str]:
    def show(rows: list[dict[str, Any]]) -> str:
        return table(names, [[row.get(name) for name in names] for row in rows]) if rows else empty

    return show


def imported(document: dict[str, Any]) -> str:
    classes, splits = document["classes"], document["splits"]
    lines = [
        f"{document['dataset']}: {document['images']} photos, {len(classes)} classes, "
        + ", ".join(f"{count} {split}" for split, count in splits.items()),
        table(["class", "photos"], list(classes.items())),
    ]
    for title, key, what in (("Skipped", "skipped", "reason"), ("Repaired", "repaired", "what")):
        if document[key]:
            lines.append(f"{title}:")
            lines += [f"  {entry['file']}: {entry[what]}" for entry in document[key]]
    return "\n".join(lines)


def recipes(rows: list[dict[str, Any]]) -> str:
    if rows and "field" in rows[0]:
        return settings_text(rows)
    return _columns("name", "title", "summary", empty="No recipes.")(rows)


def datasets(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "No data sets yet. Import one: python -m core import FOLDER --name NAME"
    return table(
        ["name", "photos", "classes"],
        [[row["name"], row["images"], ", ".join(row["classes"])] for row in rows],
    )


def attributed(document: dict[str, Any]) -> str:
    return f"{document['dataset']}: {photos(document['photos'])} in {document['out']}"


def checked(document: dict[str, Any]) -> str:
    lines = [f"{document['dataset']}: {document['summary']}"]
    for finding in document["findings"]:
        lines += ["", f"{finding['title']}: {finding['sentence']}", f"  {finding['effect']}"]
        shown = [" = ".join(group) for group in finding["groups"]] or finding["ids"]
        lines += [f"  {entry}" for entry in shown[:MOST_SHOWN]]
        if len(shown) > MOST_SHOWN:
            lines.append(f"  and {len(shown) - MOST_SHOWN:,} more, all of them with --json")
    return "\n".join(lines)


def trained(document: dict[str, Any]) -> str:
    epochs = "1 epoch" if document["epochs"] == 1 else f"{document['epochs']} epochs"
    lines = [f"{document['run']}: {document['status']}, {epochs} in {document['seconds']:.0f} s"]
    for title, key in (("Training", "train_accuracy"), ("Validation", "val_accuracy")):
        if document[key] is not None:
            lines.append(f"{title} accuracy {percent(document[key])}")
    if document.get("stopped_early"):
        lines.append(document["stopped_early"])
    if document.get("passed_over"):
        lines.append(passed_over_in_words(document["passed_over"]))
    lines += [f"Note: {remark}" for remark in document.get("remarks", [])]
    return "\n".join([*lines, *document["unknown"]])


def chosen(document: dict[str, Any]) -> str:
    sides = " × ".join(map(str, document["image_size"]))
    lines = [f"{document['title']} ({document['recipe']}), pictures of {sides}"]
    lines += [f"- {reason}" for reason in document["reasons"]]
    return "\n".join([*lines, "", f"Train it: {document['command']}"])


def listed_networks(document: dict[str, Any]) -> str:
    said = [f"Saved as {document['saved']}."] if "saved" in document else []
    said += [f"Written to {document['out']}."] if "out" in document else []
    rows = [
        [row[key] for key in ("name", "title", "layers", "picture")] for row in document["networks"]
    ]
    empty = (
        "No saved networks yet. Save one on the page “Model”, or: python -m core networks "
        "--import FILE"
    )
    said.append(table(["name", "title", "layers", "picture"], rows) if rows else empty)
    unread = [f"{row['name']} cannot be read: {row['error']}" for row in document["unreadable"]]
    return "\n".join([*said, *unread])


def evaluated(document: dict[str, Any]) -> str:
    names = document["class_names"]
    rows = [[name, *row] for name, row in zip(names, document["confusion"], strict=True)]
    text = f"{document['sentence']}\n\n{table(['is, called:', *names], rows)}"
    if "image_size" in document:
        text = f"Looked at with {' × '.join(map(str, document['image_size']))} pixels.\n{text}"
    both = document.get("mirror_images")
    return f"{text}\n\n{both['sentence']}" if both else text


def predicted(rows: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{row['file']}: {row['error']}"
        if "error" in row
        else f"{row['file']}: {row['label']}, {percent(row['probability'])}"
        for row in rows
    )


def mapped(document: dict[str, Any]) -> str:
    layers = table(
        ["layer", "kind", "height", "width", "maps"],
        [[layer["name"], layer["kind"], *layer["shape"]] for layer in document["layers"]],
    )
    return f"{layers}\n\n{document['layer'] or 'All layers'}: {_written(document)}"


def attributed_to(document: dict[str, Any]) -> str:
    where = f", layer {document['layer']}" if document["layer"] else ""
    lines = [
        f"{document['method']}{where}: what speaks for {document['class']} "
        f"({percent(document['probability'])})",
        _written(document),
    ]
    judged = document.get("faithfulness")
    if judged:
        lines += [
            f"Insertion {judged['insertion_area']:.2f} (high is good), "
            f"deletion {judged['deletion_area']:.2f} (low is good)."
        ]
    return "\n".join(lines)


def _written(document: dict[str, Any]) -> str:
    return ", ".join(document[name] for name in ("out", "npz") if name in document)


def suspected(document: dict[str, Any]) -> str:
    head = (
        f"{document['teacher']} agrees with {percent(document['accuracy'])} of "
        f"{document['photos']} labels."
    )
    if not document["queue"]:
        return f"{head} There is nothing to decide."
    rows = [
        [row["file"], row["label"], row["proposed"] or "none of them", row["score"]]
        for row in document["queue"]
    ]
    return f"{head}\n\n{table(['photo', 'is in', 'perhaps', 'fits'], rows)}"


def twinned(document: dict[str, Any]) -> str:
    found = document["found"]
    head = f"{document['comparison']}: {document['status']}, {document['trainings']} trainings"
    if found is None:
        return f"{head}. No pair is complete: give the same command again to go on."
    rows = [
        [row["name"], row["photos"], *(percent(row[side]) for side in ("with", "without"))]
        + [" to ".join(points(row[end]) for end in ("low", "high"))]
        for row in found["classes"]
    ]
    heads = ["class", "photos", document["with"], document["without"], "difference, 95 %"]
    return "\n".join([head, *document["sentences"], "", table(heads, rows)])


def withstood(document: dict[str, Any]) -> str:
    levels = len(document["levels"])
    rows = [
        [
            curve["label"],
            *([percent(share) for share in curve["accuracy"]] + [None] * levels)[:levels],
            curve["holds"],
        ]
        for curve in document["curves"]
    ]
    lines = [
        f"{document['run']}, asked about {document['asked']}. {document['summary']}",
        "",
        table(["step", *document["levels"], "up to where"], rows),
        "",
        "Proposed recipe:",
    ]
    lines += [
        f"  {step['label']} ({step['verdict']}): {step['reason']}"
        for step in document["proposal"]["steps"]
        if step["verdict"] != "out"
    ]
    unsafe = [f"{turn['step']}: {turn['sentence']} {turn['advice']}" for turn in document["unsafe"]]
    lines += ["", "Label safety:"]
    lines += [f"  {said}" for said in unsafe or ["No step turns one class into another."]]
    return "\n".join(lines)


def cross_validated(document: dict[str, Any]) -> str:
    report = document["report"]
    head = (
        f"{document['cross_validation']}: {document['status']}, {document['parts_done']} of "
        f"{document['parts']} parts in {document['seconds']:.0f} s"
    )
    if report is None:
        return f"{head}. Nothing is known yet: give the same command again to go on."
    several = any(part["round"] > 1 for part in report["parts"])
    rows = [
        [f"{part['round']}.{part['part']}" if several else str(part["part"])]
        + [f"{part['right']} of {part['photos']}", percent(part["accuracy"]), part["learnt"]]
        + [part["epochs"], part["seconds"]]
        for part in report["parts"]
    ]
    names = report["class_names"]
    matrix = [[name, *row] for name, row in zip(names, report["confusion"], strict=True)]
    lines = [
        head,
        *document["sentences"],
        "",
        table(["part", "right", "accuracy", "learnt from", "epochs", "seconds"], rows),
        "",
        table(["is, called:", *names], matrix),
        "",
        f"Every photo's answer: {document['predictions']}",
    ]
    return "\n".join(lines)


def rate_found(document: dict[str, Any]) -> str:
    lines = [f"{document['dataset']}, {document['recipe']}: {document['sentence']}"]
    if document["suggestion"] is not None:
        lines.append(
            f"Train with it: --set learning_rate={document['suggestion']:g} "
            f"(the recipe says {document['present']:g})."
        )
    shown = list(zip(document["rates"], document["smoothed"], strict=True))[::MOST_SHOWN]
    rows = [[f"{rate:g}", loss] for rate, loss in shown]
    return "\n".join([*lines, "", table(["rate", "loss, smoothed"], rows)])


TEXTS: dict[str, Callable[[Any], str]] = {
    "import": imported,
    "datasets": datasets,
    "attribution": attributed,
    "check": checked,
    "recipes": recipes,
    "runs": _columns(
        "name",
        "dataset",
        "recipe",
        "ending",
        "val_accuracy",
        "test_accuracy",
        empty="No runs yet. Train one: python -m core train DATASET --recipe small-cnn",
    ),
    "train": trained,
    "choose": chosen,
    "networks": listed_networks,
    "evaluate": evaluated,
    "predict": predicted,
    "maps": mapped,
    "attribute": attributed_to,
    "suspects": suspected,
    "twins": twinned,
    "robustness": withstood,
    "cross-validate": cross_validated,
    "find-rate": rate_found,
}
