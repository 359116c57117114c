"""Pairs into groups: what is joined by a chain of pairs belongs together."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def connected(pairs: Iterable[tuple[Item, Item]]) -> list[list[Item]]:
    """The connected components of a graph given by its edges, in order of first appearance."""
    parents: dict[Item, Item] = {}

    def root(item: Item) -> Item:
        while (parent := parents.setdefault(item, item)) != item:
            parents[item] = parents[parent]  # shortens the way for the next one
            item = parent
        return item

    for one, other in pairs:
        first, second = root(one), root(other)
        if first != second:
            parents[second] = first
    groups: dict[Item, list[Item]] = {}
    for item in parents:
        groups.setdefault(root(item), []).append(item)
    return [group for group in groups.values() if len(group) > 1]
