"""Photos that belong together, and how whole groups are shared out fairly."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

Counts = dict[str, dict[str, float]]
# Each round goes over all groups once; after a few there is hardly ever anything to better.
MOST_ROUNDS = 20


def groups_of(manifest: pd.DataFrame, groups: Mapping[str, str] | None = None) -> dict[str, str]:
    """A group for every photo that has company, by its id.

    Photos are together when their column `group` says so (a burst, an observation), when
    `groups` does (near-duplicates), or when a chain of both leads from one to the other.

    Args:
        manifest: Rows with `id` and `group`.
        groups: More groups, by photo id; names need not differ from those of the column.
    """
    parent: dict[tuple[str, str], tuple[str, str]] = {}
    told = groups or {}
    for photo_id, own in zip(manifest["id"], manifest["group"], strict=True):
        for kind, name in (("group", own), ("near", told.get(photo_id, ""))):
            if name:
                _join(parent, ("photo", photo_id), (kind, name))
    roots = {
        photo_id: _root(parent, ("photo", photo_id))
        for photo_id in manifest["id"]
        if ("photo", photo_id) in parent
    }
    sizes = Counter(roots.values())
    # Named after the first photo, so that the order of the rows does not matter.
    names: dict[tuple[str, str], str] = {}
    for photo_id, root in sorted(roots.items()):
        names.setdefault(root, photo_id)
    return {photo_id: names[root] for photo_id, root in roots.items() if sizes[root] > 1}


def _join(parent: dict, one: tuple[str, str], other: tuple[str, str]) -> None:
    parent[_root(parent, one)] = _root(parent, other)


def _root(parent: dict, node: tuple[str, str]) -> tuple[str, str]:
    parent.setdefault(node, node)
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def assign_groups(
    labels: Sequence[str],
    groups: Sequence[str],
    wanted: Mapping[str, Mapping[str, float]],
    first: str,
    seed: int,
) -> list[str]:
    """A split for every photo, groups whole, each class as close as possible to what is wanted.

    The larger groups first, each where it brings the shares of its classes nearest to the
    wish, as scikit-learn's StratifiedGroupKFold does for equal folds; then groups change
    places while that helps; then a class that is missing in a split although it has groups
    enough gets one there. The photos on their own come last and fill the gaps.

    Args:
        labels: One class per photo.
        groups: One group per photo; empty for a photo on its own.
        wanted: Photos per split, by class. All classes name the same splits.
        first: The split that no class may be missing from.
        seed: Equal seeds give equal splits.
    """
    members: dict[str, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        members[group or f"\0{index}"].append(index)
    draw = random.Random(f"{seed} groups")  # noqa: S311 - not a secret
    together = sorted(group for group in members if len(members[group]) > 1)
    draw.shuffle(together)
    together.sort(key=lambda group: -len(members[group]))
    contents = {group: Counter(labels[index] for index in members[group]) for group in together}
    board = _Board(wanted)
    for group in together:
        board.put(group, contents[group], board.best(contents[group]))
    board.improve()
    chosen = [""] * len(labels)
    alone = [indices[0] for indices in members.values() if len(indices) == 1]
    _spread_presence(board, Counter(labels[index] for index in alone), first)
    for group, split in board.places.items():
        for index in members[group]:
            chosen[index] = split
    ranked = board.ranked(first)
    for index, split in _filling(alone, labels, board, ranked, seed):
        chosen[index] = split
    return chosen


def _filling(
    alone: Sequence[int],
    labels: Sequence[str],
    board: "_Board",
    ranked: Sequence[str],
    seed: int,
) -> Iterator[tuple[int, str]]:
    """The photos on their own, class by class: where the class is missing, then where most is."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for index in alone:
        by_label[labels[index]].append(index)
    for label, indices in by_label.items():
        random.Random(f"{seed} {label}").shuffle(indices)  # noqa: S311 - not a secret
        for index in indices:
            have, wanted = board.have[label], board.wanted[label]
            empty = [name for name in ranked if not have[name] and wanted[name]]
            split = empty[0] if empty else max(ranked, key=lambda name: wanted[name] - have[name])
            have[split] += 1
            yield index, split


def _spread_presence(board: "_Board", alone: Counter[str], first: str) -> None:
    """Moves groups so that their classes are in each split, as far as they have groups."""
    ranked = board.ranked(first)
    for label in sorted(board.have):
        holders = [group for group in board.places if label in board.contents[group]]
        reach = len(holders) + alone[label]
        wanted, have = board.wanted[label], board.have[label]
        missing = [name for name in ranked[:reach] if wanted[name] and not have[name]]
        # A photo on its own will do where there is one.
        for split in missing[: max(0, len(missing) - alone[label])]:
            movable = [group for group in holders if board.may_leave(group)]
            if not movable and split == first:
                movable = holders
            if movable:
                best = min(movable, key=lambda group: board.change(group, split))
                board.move(best, split)


class _Board:
    """Which group is in which split, and how far that is from what is wanted."""

    def __init__(self, wanted: Mapping[str, Mapping[str, float]]):
        self.wanted = wanted
        self.splits = list(next(iter(wanted.values()), {}))
        self.have: Counts = {label: dict.fromkeys(self.splits, 0.0) for label in wanted}
        # A large class must not drown a small one.
        self.weight = {
            label: 1 / max(1.0, sum(counts.values())) ** 2 for label, counts in wanted.items()
        }
        self.places: dict[str, str] = {}
        self.contents: dict[str, Counter[str]] = {}

    def ranked(self, first: str) -> list[str]:
        """The splits, `first` and then the largest first."""
        sizes = {name: sum(counts[name] for counts in self.wanted.values()) for name in self.splits}
        return sorted(self.splits, key=lambda name: (name != first, -sizes[name]))

    def lacking(self, label: str, split: str) -> float:
        return self.wanted[label][split] - self.have[label][split]

    def cost(self, content: Mapping[str, int], split: str) -> float:
        """How much farther from the wish `split` is with `content` in it than without."""
        return sum(
            self.weight[label] * count * (count - 2 * self.lacking(label, split))
            for label, count in content.items()
        )

    def best(self, content: Mapping[str, int]) -> str:
        return min(self.splits, key=lambda split: self.cost(content, split))

    def put(self, group: str, content: Counter[str], split: str) -> None:
        self.contents[group], self.places[group] = content, split
        for label, count in content.items():
            self.have[label][split] += count

    def take(self, group: str) -> str:
        split = self.places.pop(group)
        for label, count in self.contents[group].items():
            self.have[label][split] -= count
        return split

    def move(self, group: str, split: str) -> None:
        self.take(group)
        self.put(group, self.contents[group], split)

    def change(self, group: str, split: str) -> float:
        """How much farther from the wish all is after `group` went to `split`."""
        content = self.contents[group]
        before = self.take(group)
        result = self.cost(content, split) - self.cost(content, before)
        self.put(group, content, before)
        return result

    def may_leave(self, group: str) -> bool:
        """Whether no class of the group vanishes from its split without it."""
        split = self.places[group]
        return all(self.have[name][split] > count for name, count in self.contents[group].items())

    def improve(self) -> None:
        """Moves groups one by one while that brings the shares nearer to the wish."""
        for _ in range(MOST_ROUNDS):
            moved = False
            for group in list(self.places):
                content = self.contents[group]
                before = self.take(group)
                best = self.best(content)
                nearer = self.cost(content, best) < self.cost(content, before) - 1e-12
                self.put(group, content, best if nearer else before)
                moved = moved or nearer
            if not moved:
                return
