"""A table beside the photos: which column names the files, which the classes, which the splits."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from os.path import splitext
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.datasets.layout import SPLIT_FOLDERS, Candidate, Layout
from core.datasets.sources import Found, SourceFile, ending, readable
from core.errors import UnusableSource

ENDINGS = {".csv", ".tsv", ".tab", ".psv"}
MAX_TABLE_BYTES = 50_000_000
MAX_CELL = 10_000
DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")
LOOKED_AT = 500
# Below this share of rows that name a photo, a column is not one of file names.
LEAST_NAMED = 0.3
LABEL_WORDS = ("label", "class", "category", "species", "target", "breed", "name", "type", "y")
SPLIT_WORDS = set(SPLIT_FOLDERS)


class TableLabels(BaseModel):
    """A table whose rows name a file and its class.

    Columns are counted from 0; None finds them by what is in them.
    """

    model_config = ConfigDict(frozen=True)
    kind: Literal["table"] = "table"
    table: str = Field(description="Its path in the source, or else on this computer.")
    file_column: int | None = Field(default=None, ge=0)
    label_column: int | None = Field(default=None, ge=0)
    split_column: int | None = Field(default=None, ge=0)


class Table:
    """A table's cells, with what they seem to mean for some photos.

    Attributes:
        name: What people call it.
        header: The first row when it names the columns, else empty.
        rows: The others, with their line in the file.
    """

    def __init__(self, name: str, rows: list[tuple[int, list[str]]], index: "Index"):
        self.name, self._index = name, index
        width = max((len(cells) for _, cells in rows), default=0)
        self.header: list[str] = []
        self.rows = [(line, cells + [""] * (width - len(cells))) for line, cells in rows]
        self.file_column = self._find_files(width)
        if self.file_column is not None and not index.find(self.rows[0][1][self.file_column]):
            self.header = [cell.strip() for cell in self.rows.pop(0)[1]]
        self.split_column = self._find_splits(width)
        self.label_columns = self._find_labels(width)

    def title(self, column: int) -> str:
        """A column's name in words."""
        named = self.header[column] if column < len(self.header) else ""
        return f"'{named}'" if named else f"number {column + 1}"

    def column(self, number: int) -> Iterator[str]:
        return (cells[number].strip() for _, cells in self.rows)

    def _find_files(self, width: int) -> int | None:
        sample = [cells for _, cells in self.rows[: LOOKED_AT + 1]]
        shares = [
            sum(bool(self._index.find(cells[column])) for cells in sample) / max(1, len(sample))
            for column in range(width)
        ]
        best = max(range(width), key=lambda column: shares[column], default=None)
        return best if best is not None and shares[best] >= LEAST_NAMED else None

    def _find_splits(self, width: int) -> int | None:
        for column in range(width):
            values = {value.lower() for value in self.column(column) if value}
            if len(values) > 1 and values <= SPLIT_WORDS and column != self.file_column:
                return column
        return None

    def _find_labels(self, width: int) -> list[int]:
        """The columns that may hold classes, the likeliest first."""
        others = set(range(width)) - {self.file_column, self.split_column}
        scores = {column: self._label_score(column) for column in sorted(others)}
        likely = (column for column, score in scores.items() if score > 0)
        return sorted(likely, key=lambda column: -scores[column])

    def _label_score(self, column: int) -> float:
        counts = Counter(value for value in self.column(column) if value)
        told = sum(counts.values())
        if len(counts) < 2 or told < 0.3 * len(self.rows):
            return 0
        repeated = 1 - len(counts) / told
        named = self.header[column].lower() if column < len(self.header) else ""
        hint = next((1.0 for word in LABEL_WORDS if word in named.split("_") + [named]), 0.0)
        if not hint and repeated < 0.3:
            return 0
        words = not all(_is_number(value) for value in counts)
        unlikely = named in ("id", "width", "height", "fold", "x", "size", "author", "licence")
        return max(0.01, hint + repeated + 0.5 * words - 1.5 * unlikely)


class Index:
    """Finds photos by how tables write them: with or without folders and ending."""

    def __init__(self, files: Sequence[SourceFile]):
        self._names: dict[str, list[SourceFile]] = defaultdict(list)
        self._stems: dict[str, list[SourceFile]] = defaultdict(list)
        for file in files:
            name = file.parts[-1].casefold()
            self._names[name].append(file)
            self._stems[splitext(name)[0]].append(file)

    def find(self, written: str) -> list[SourceFile]:
        """The photos that `written` may mean; several when it does not say which."""
        parts = [part for part in written.strip().replace("\\", "/").split("/") if part]
        if not parts or not parts[-1].strip("."):
            return []
        *folders, name = (readable(part).casefold() for part in parts)
        there = self._names.get(name) or self._stems.get(name) or []
        if len(there) < 2:
            return there
        wanted = [folder for folder in folders if folder not in (".", "..")]
        return max(
            (self._below(there, wanted[start:]) for start in range(len(wanted) + 1)),
            key=lambda found: (bool(found), -len(found)),
        )

    @staticmethod
    def _below(files: list[SourceFile], folders: list[str]) -> list[SourceFile]:
        if not folders:
            return files
        return [
            file
            for file in files
            if [part.casefold() for part in file.parts[-len(folders) - 1 : -1]] == folders
        ]


def is_table(name: str) -> bool:
    """Whether a file's name is that of a table."""
    return ending(name) in ENDINGS


def read_table(path: Path, name: str, index: Index) -> Table:
    """The table in a file, whatever its encoding and delimiter.

    Raises:
        UnusableSource: If it cannot be read or is too large.
    """
    try:
        if path.stat().st_size > MAX_TABLE_BYTES:
            raise UnusableSource(
                f"The table {name} is larger than {MAX_TABLE_BYTES / 1e6:.0f} MB.",
                "Keep only its columns of files and classes.",
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnusableSource(f"The table {name} cannot be opened: {error.strerror}.") from error
    text = _as_text(data).replace("\0", "")
    return Table(name, _rows(text), index)


def label_by_table(found: Found, pictures: Sequence[SourceFile], labelling: TableLabels) -> Layout:
    """The photos in the classes of a table, and a reason for every row and photo without one.

    Raises:
        UnusableSource: If there is no such table, or it has no such columns.
    """
    table = read_table(*_table_file(found, labelling.table), index := Index(pictures))
    file_column, label_column, split_column = _columns(table, labelling)
    layout, told = Layout(), _Told(table.name)
    for line, cells in table.rows:
        written, label = cells[file_column].strip(), " ".join(cells[label_column].split())
        if not written and not label:
            continue
        split = "" if split_column is None else cells[split_column].strip().lower()
        told.add(line, written, index.find(written), label, SPLIT_FOLDERS.get(split))
    for file in pictures:
        label, split_name, reason = told.verdict(file)
        if reason:
            layout.skipped.append({"file": file.name, "reason": reason})
        else:
            layout.labels.setdefault(label, label)
            layout.candidates.append(Candidate(file, label, split_name))
    layout.skipped += told.rows_without_photo
    return layout


class _Told:
    """What a table says of each photo, row by row."""

    def __init__(self, table: str):
        self._table = table
        self._said: dict[tuple[str, ...], list[tuple[int, str, str | None]]] = defaultdict(list)
        self.rows_without_photo: list[dict[str, str]] = []

    def add(
        self, line: int, written: str, files: list[SourceFile], label: str, split: str | None
    ) -> None:
        if len(files) == 1:
            self._said[files[0].parts].append((line, readable(label), split))
            return
        reason = "There is no such file." if not files else "Several files are called so."
        if not written:
            reason = "The row names no file."
        place = f"{self._table}, line {line}"
        name = f"{place}: {readable(written[:200])}" if written else place
        self.rows_without_photo.append({"file": name, "reason": reason})

    def verdict(self, file: SourceFile) -> tuple[str, str | None, str]:
        """A photo's class and split, or the reason why it has none."""
        said = self._said.get(file.parts)
        if not said:
            return "", None, f"{self._table} does not name it."
        line, label, split = said[0]
        if any(other != label for _, other, _ in said):
            both = " and ".join(f"{word or 'none'!r} in line {at}" for at, word, _ in said[:3])
            return "", None, f"{self._table} gives it several classes: {both}."
        if len(said) > 1:
            self.rows_without_photo += [
                {
                    "file": f"{self._table}, line {at}: {file.name}",
                    "reason": f"Named twice: line {line} says the same already.",
                }
                for at, _, _ in said[1:]
            ]
        if not label:
            return "", None, f"{self._table} gives it no class (line {line})."
        return label, split, ""


def _columns(table: Table, labelling: TableLabels) -> tuple[int, int, int | None]:
    file_column, label_column = labelling.file_column, labelling.label_column
    file_column = table.file_column if file_column is None else file_column
    if label_column is None:
        label_column = table.label_columns[0] if table.label_columns else None
    width = len(table.rows[0][1]) if table.rows else 0
    if file_column is None or file_column >= width:
        raise UnusableSource(
            f"No column of {table.name} names the photos.",
            "It needs a column with their file names.",
        )
    if label_column is None or label_column >= width:
        raise UnusableSource(
            f"No column of {table.name} looks like classes.",
            "It needs a column that says for each file what it shows.",
        )
    split_column = labelling.split_column
    if split_column is None and labelling.file_column is None:
        split_column = table.split_column
    return file_column, label_column, split_column if (split_column or 0) < width else None


def _table_file(found: Found, name: str) -> tuple[Path, str]:
    for file in found.files:
        if file.name == name:
            return file.path, name
    path = Path(name).expanduser()
    if not path.is_file():
        raise UnusableSource(f"There is no table {name}.", "Check the path for typos.")
    return path, path.name


def _as_text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ENCODINGS[:-1]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode(ENCODINGS[-1])


def _rows(text: str) -> list[tuple[int, list[str]]]:
    lines = text.splitlines()
    delimiter = _delimiter(lines[:LOOKED_AT])
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [cell[:MAX_CELL] for cell in cells]))
    except csv.Error as error:
        raise UnusableSource(
            f"The table cannot be read from line {reader.line_num} on.", "Save it again as CSV."
        ) from error
    return rows


def _delimiter(lines: Iterable[str]) -> str:
    """The sign that cuts most lines into equally many cells, two at least."""
    told = [line for line in lines if line.strip()]

    def agreement(delimiter: str) -> tuple[float, int]:
        counts = Counter(line.count(delimiter) for line in told)
        cuts, agreed = counts.most_common(1)[0] if counts else (0, 0)
        return (agreed / len(told) if cuts else 0.0, cuts)

    return max(DELIMITERS, key=agreement)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
