"""Classes of an ontology as a directed graph without cycles, in index arrays: closure of labels and of scores.

A parent is what a class is a kind of (is_a), and the target of any further relation that was chosen, such as part_of.
What holds for a class holds for its ancestors: a label of a class is one of every ancestor, and a score is closed where
no class scores higher than one of its parents. Axes: class, link (child -> parent), protein.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Int, Shaped

from protea.datasets.ontology.obo import Ontology
from protea.errors import InputError, describe

__all__ = ["Hierarchy", "hierarchy_of", "hierarchy_of_parents"]


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Classes and their direct parents: those of class i are ``parent[parent_ptr[i]:parent_ptr[i + 1]]``."""

    names: tuple[str, ...]
    parent_ptr: Int[np.ndarray, " class_plus_one"]
    parent: Int[np.ndarray, " link"]
    index_of: Mapping[str, int] = field(init=False, repr=False)
    order: Int[np.ndarray, " class"] = field(init=False, repr=False)
    """Every class after its parents."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "index_of", {name: index for index, name in enumerate(self.names)})
        if len(self.index_of) != len(self.names):
            raise InputError(describe("a class stands twice", expected="different names"))
        object.__setattr__(self, "order", _topological_order(self))

    def __len__(self) -> int:
        return len(self.names)

    def parents(self, index: int) -> Int[np.ndarray, " parent"]:
        """Return the direct parents of a class."""
        return self.parent[self.parent_ptr[index] : self.parent_ptr[index + 1]]

    def child_of_link(self) -> Int[np.ndarray, " link"]:
        """Return the child of each link; its parent is `parent`."""
        return np.repeat(np.arange(len(self)), np.diff(self.parent_ptr))

    def roots(self) -> Int[np.ndarray, " root"]:
        """Return the classes without a parent."""
        return np.flatnonzero(np.diff(self.parent_ptr) == 0)

    def is_ancestor(self) -> Bool[np.ndarray, "class class"]:
        """Return whether the second class is the first or one of its ancestors; quadratic in the number of classes."""
        return self.closed_labels(np.eye(len(self), dtype=bool))

    def ancestors(self, index: int) -> Int[np.ndarray, " ancestor"]:
        """Return the ancestors of a class, by index, without itself."""
        return self._reached(index, {i: self.parents(i) for i in self.order.tolist()})

    def descendants(self, index: int) -> Int[np.ndarray, " descendant"]:
        """Return the descendants of a class, by index, without itself."""
        children: dict[int, list[int]] = {i: [] for i in range(len(self))}
        for child, parent in zip(self.child_of_link().tolist(), self.parent.tolist(), strict=True):
            children[parent].append(child)
        return self._reached(index, children)

    @staticmethod
    def _reached(index: int, next_of: Mapping[int, Collection[int]]) -> Int[np.ndarray, " class"]:
        seen, waiting = set[int](), [index]
        while waiting:
            for other in next_of[waiting.pop()]:
                if int(other) not in seen:
                    seen.add(int(other))
                    waiting.append(int(other))
        return np.array(sorted(seen), dtype=np.int64)

    def depth(self) -> Int[np.ndarray, " class"]:
        """Return the number of links on the longest way from a root to each class."""
        depth = np.zeros(len(self), dtype=np.int64)
        for index in self.order.tolist():
            parents = self.parents(index)
            if len(parents):
                depth[index] = depth[parents].max() + 1
        return depth

    def closed_labels(self, label: Bool[np.ndarray, "protein class"]) -> Bool[np.ndarray, "protein class"]:
        """Return the labels with those of every ancestor added."""
        return self.closed_scores(label)

    def closed_scores(self, score: Shaped[np.ndarray, "protein class"]) -> Shaped[np.ndarray, "protein class"]:
        """Return the scores closed upwards: a class has the largest score among itself and its descendants.

        What the published propagation does; no score falls, and the result has no violation.
        """
        return self._spread(score, is_upwards=True)

    def lowered_scores(self, score: Shaped[np.ndarray, "protein class"]) -> Shaped[np.ndarray, "protein class"]:
        """Return the scores closed downwards: a class has the smallest score among itself and its ancestors."""
        return self._spread(score, is_upwards=False)

    def _spread(self, score: Shaped[np.ndarray, "protein class"], *, is_upwards: bool) -> np.ndarray:
        self._require_columns(score)
        columns = np.ascontiguousarray(score.T).copy()
        order = self.order[::-1] if is_upwards else self.order
        for index in order.tolist():
            for parent in self.parents(index).tolist():
                if is_upwards:
                    np.maximum(columns[parent], columns[index], out=columns[parent])
                else:
                    np.minimum(columns[index], columns[parent], out=columns[index])
        return np.ascontiguousarray(columns.T)

    def num_violations(self, score: Shaped[np.ndarray, "protein class"]) -> int:
        """Return the number of (protein, link) at which a class scores higher than its parent."""
        self._require_columns(score)
        columns = np.ascontiguousarray(score.T)
        links = zip(self.child_of_link().tolist(), self.parent.tolist(), strict=True)
        return sum(int((columns[child] > columns[parent]).sum()) for child, parent in links)

    def _require_columns(self, score: np.ndarray) -> None:
        if score.ndim != 2 or score.shape[1] != len(self):
            raise InputError(
                describe("not a column per class", expected=f"[protein, {len(self)}]", found=str(score.shape))
            )
        if np.issubdtype(score.dtype, np.floating) and np.isnan(score).any():
            raise InputError(describe("a score is NaN", expected="numbers", do="Find the model that gave it."))

    def restricted(self, names: Sequence[str]) -> "Hierarchy":
        """Return the hierarchy of some classes: the parents of each are its nearest ancestors among them.

        Who is whose ancestor stays as it was, through classes that are left out as well.

        Raises:
            InputError: a name is no class.
        """
        absent = [name for name in names if name not in self.index_of]
        if absent:
            raise InputError(
                describe(f"{len(absent)} of {len(names)} classes are not in the hierarchy", found=", ".join(absent[:5]),
                         do="Use the ontology of the labels, or leave these labels out.")
            )  # fmt: skip
        kept = {self.index_of[name] for name in names}
        above: dict[int, frozenset[int]] = {}  # kept ancestors of each class, itself included
        nearest: dict[int, set[int]] = {}
        for index in self.order.tolist():
            parents = self.parents(index).tolist()
            direct = {found for parent in parents for found in ({parent} if parent in kept else nearest[parent])}
            # An ancestor that is reached through another of the direct ones is no parent.
            nearest[index] = {one for one in direct if not any(one in above[o] for o in direct if o != one)}
            reached = frozenset().union(*(above[one] for one in nearest[index]))
            above[index] = reached | {index} if index in kept else reached
        return hierarchy_of_parents(
            {name: [self.names[found] for found in sorted(nearest[self.index_of[name]])] for name in names}
        )


def hierarchy_of(ontology: Ontology, *, relations: Collection[str] = (), namespace: str | None = None) -> Hierarchy:
    """Return the hierarchy of the current terms of an ontology.

    Args:
        ontology: terms with their links.
        relations: relations beside is_a whose target is a parent, such as ``("part_of",)``. Not every relation passes
            a function on: what has a part, or is regulated, is no instance of it.
        namespace: only the terms of this namespace; links out of it are left out.

    Raises:
        InputError: no term, an unknown relation, or a cycle, which is named.
    """
    used = {relation for term in ontology.terms.values() for relation, _ in term.relationships}
    unknown = sorted(set(relations) - used - set(ontology.relations))
    if unknown:
        raise InputError(
            describe(f"no relation {unknown[0]!r}", expected=f"some of {', '.join(sorted(used)) or 'none'}")
        )
    terms = ontology.current_terms(namespace)
    if not terms:
        spaces = sorted({term.namespace for term in ontology.terms.values()})
        raise InputError(describe(f"no term in the namespace {namespace!r}", expected=f"one of {spaces}"))
    kept = {term.id for term in terms}
    return hierarchy_of_parents(
        {
            term.id: [
                parent
                for parent in (*term.is_a, *(target for name, target in term.relationships if name in relations))
                if parent in kept
            ]
            for term in terms
        }
    )


def hierarchy_of_parents(parents_of: Mapping[str, Sequence[str]]) -> Hierarchy:
    """Return the hierarchy of classes given with their direct parents, in the order given.

    Raises:
        InputError: a parent is not among the classes, or there is a cycle.
    """
    names = tuple(parents_of)
    index_of = {name: index for index, name in enumerate(names)}
    ptr, parent = [0], list[int]()
    for name in names:
        distinct = dict.fromkeys(parents_of[name])
        absent = [other for other in distinct if other not in index_of]
        if absent:
            raise InputError(describe(f"{name} has the parent {absent[0]}, which is no class here", where="hierarchy"))
        parent += [index_of[other] for other in distinct]
        ptr.append(len(parent))
    return Hierarchy(names, np.array(ptr, dtype=np.int64), np.array(parent, dtype=np.int64))


def _topological_order(hierarchy: Hierarchy) -> Int[np.ndarray, " class"]:
    """Return the classes, parents first; classes that become free together stay in their order."""
    children: list[list[int]] = [[] for _ in hierarchy.names]
    for child, parent in zip(hierarchy.child_of_link().tolist(), hierarchy.parent.tolist(), strict=True):
        children[parent].append(child)
    num_waiting = np.diff(hierarchy.parent_ptr).tolist()
    found = [index for index, count in enumerate(num_waiting) if count == 0]
    place = 0
    while place < len(found):
        for child in children[found[place]]:
            num_waiting[child] -= 1
            if num_waiting[child] == 0:
                found.append(child)
        place += 1
    if len(found) < len(hierarchy.names):
        raise InputError(
            describe("the hierarchy has a cycle", found=" -> ".join(_cycle(hierarchy, num_waiting)),
                     do="Choose relations that point upwards only (has_part, for one, points downwards).")
        )  # fmt: skip
    return np.array(found, dtype=np.int64)


def _cycle(hierarchy: Hierarchy, num_waiting: Sequence[int]) -> list[str]:
    """Return the names along one cycle: who still waits has a parent who waits."""
    index = next(i for i, count in enumerate(num_waiting) if count > 0)
    seen: dict[int, int] = {}
    path: list[int] = []
    while index not in seen:
        seen[index] = len(path)
        path.append(index)
        index = next(i for i in hierarchy.parents(index).tolist() if num_waiting[i] > 0)
    return [hierarchy.names[i] for i in (*path[seen[index] :], index)]
