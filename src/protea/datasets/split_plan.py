"""How a store is to be split, as a configuration, and the splits that it asks for."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from protea.config import Config
from protea.datasets.components import chain_sequences, identity_components
from protea.datasets.opened_table import TableRows, opened_table
from protea.datasets.sequence_search import SearchSettings
from protea.datasets.splits import Split, k_fold, random_split, split_by_group
from protea.datasets.store import Store
from protea.errors import FileFormatError, InputError, describe

__all__ = ["SplitConfig", "plan_splits", "read_groups", "save_splits"]


class SplitConfig(Config):
    """A split by one method. Families are connected components at `min_identity`; parts are balanced by residues."""

    method: Literal["random", "identity", "group", "k_fold", "given"] = Field(
        default="identity",
        description="random; identity: families stay whole; group: groups of a table stay whole; k_fold: folds over "
        "families, or over groups where a table is given; given: a file",
    )
    seed: int = Field(default=0, ge=0, description="Seed of the draws")
    fractions: tuple[float, float, float] = Field(
        default=(0.8, 0.1, 0.1), description="Train, validation and test (not for k_fold and given)"
    )
    min_identity: float = Field(default=0.3, gt=0, le=1, description="Identity at which two chains join one family")
    folds: int = Field(default=5, ge=3, description="Number of folds of k_fold")
    groups: Path | None = Field(default=None, description="CSV with the columns id and group")
    file: Path | None = Field(default=None, description="The split to take with method given")


def plan_splits(store: Store, config: SplitConfig) -> list[Split]:
    """Return the split of a store that a configuration asks for, named after what was kept whole; a split per fold.

    Names are random, identity, group (wherever a table gives the groups), fold-0, fold-1, ..., or that of the file.

    Raises:
        InputError: if a table or file is missing or does not name the proteins of the store.
    """
    if config.method == "given":
        if config.file is None:
            raise InputError(describe("a given split without a file", where="split.file", expected="a path"))
        return [Split.load(config.file).restricted_to(store.ids)]
    if config.method == "random":
        return [random_split(store.ids, fractions=config.fractions, seed=config.seed)]
    group_of = _groups(store, config)
    weight_of = dict(zip(store.ids, np.asarray(store.lengths, float).tolist(), strict=True))
    if config.method == "k_fold":
        return k_fold(group_of, k=config.folds, seed=config.seed, weight_of=weight_of)
    found = split_by_group(group_of, fractions=config.fractions, seed=config.seed, weight_of=weight_of)
    return [found if config.groups is not None else _by_identity(found, config.min_identity)]


def _by_identity(split: Split, min_identity: float) -> Split:
    """Return a split by groups that are families, named so."""
    provenance = {**split.provenance, "method": "identity", "min_identity": min_identity}
    return replace(split, name="identity", provenance=provenance)


def _groups(store: Store, config: SplitConfig) -> dict[str, str]:
    if config.groups is not None:
        given = read_groups(config.groups)
        missing = [id for id in store.ids if id not in given]
        if missing:
            raise InputError(
                describe(f"{len(missing)} proteins have no group", where=str(config.groups),
                         found=", ".join(missing[:5]), do="Give every protein of the store a group.")
            )  # fmt: skip
        return {id: given[id] for id in store.ids}
    if config.method == "group":
        raise InputError(describe("a split by group without a table", where="groups", expected="a CSV: id, group"))
    chains = {protein.id: chain_sequences(protein) for protein in store}
    return dict(identity_components(chains, SearchSettings(min_identity=config.min_identity)).of)


def save_splits(splits: Sequence[Split], folder: Path) -> list[Path]:
    """Write each split as `<name>.json` into a folder, made if absent, and return the files.

    Raises:
        InputError: if a file of that name holds anything else; then none is written.
    """
    texts = {folder / f"{item.name}.json": item.to_json() for item in splits}
    for path, text in texts.items():
        if path.exists() and path.read_bytes() != text.encode("utf-8"):
            raise InputError(
                describe("another split is there already", where=str(path),
                         do="Choose another folder, or delete the file.")
            )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def read_groups(path: Path) -> dict[str, str]:
    """Return the group of each id in a CSV file with the columns id and group.

    Raises:
        InputError: if there is no such file, or it is no such table.
        FileFormatError: if an id has no group or two of them, or a line is of another length.
    """
    try:
        with opened_table(path) as file:
            rows = list(TableRows(file, path))
    except OSError as error:
        raise InputError(describe("cannot be opened", where=str(path), found=str(error.strerror))) from error
    if not rows or not {"id", "group"} <= set(rows[0]):
        raise InputError(
            describe("not a table of groups", where=str(path), expected="columns id and group",
                     found=str(list(rows[0])) if rows else "no row")
        )  # fmt: skip
    found: dict[str, str] = {}
    for place, row in enumerate(rows, start=1):
        id, group = row["id"], row["group"]
        if not group.strip() or found.setdefault(id, group) != group:
            raise FileFormatError(
                describe("not one group", where=f"{path}, row {place}: {id}", expected="each id in one group",
                         found=repr(group) if not group.strip() else f"{found[id]!r} and {group!r}",
                         do="Give two groups that share a protein one name.")
            )  # fmt: skip
    return found
