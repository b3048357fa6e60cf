"""Splits in which no protein, or no family of similar proteins, lies in two parts.

The proteins (or families, whole) are divided, and a pair belongs to the part in which both of its proteins lie. Pairs
across parts are dropped and counted: a model that is tested on them has seen one of the two proteins. So that few are
dropped (a graph partitioner serves for this in the gold-standard set of Bernett et al. 2024), the test and the
validation part are grown from one protein each: next comes the group with the largest share of its partners inside.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import csr_matrix

from protea.cluster.made_once import cached_file
from protea.datasets.components import Components, identity_components
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_splits import NetworkSplit
from protea.datasets.sequence_search import SearchSettings, mmseqs_version
from protea.datasets.splits import PARTS
from protea.errors import InputError, describe

__all__ = ["cached_families", "protein_families", "protein_split"]


def protein_families(
    network: InteractionNetwork, settings: SearchSettings | None = None, *, num_threads: int = 1
) -> Components:
    """Return the families of the network's proteins: connected components at 30 % identity, unless set otherwise.

    Raises InputError where the network has no sequences.
    """
    if network.sequences is None:
        raise InputError(describe("a network without sequences has no families", do="Read it with its sequences."))
    chains = {id: (sequence,) for id, sequence in zip(network.ids, network.sequences, strict=True)}
    return identity_components(chains, settings, num_threads=num_threads)


def cached_families(network: InteractionNetwork, min_identity: float, cache: Path) -> Components:
    """Return the families of the network's proteins, from a folder if they were found before."""
    settings = SearchSettings(min_identity=min_identity)
    key = f"{network.digest()} {json.dumps(settings.model_dump(), sort_keys=True)} {mmseqs_version()}"
    path = cache / f"families-{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"
    return Components.load(cached_file(path, lambda draft: protein_families(network, settings).save(draft)))


def protein_split(
    network: InteractionNetwork,
    *,
    seed: int,
    group_of: Mapping[str, str] | None = None,
    fractions: tuple[float, float, float] = (0.7, 0.15, 0.15),
) -> NetworkSplit:
    """Return a split of which no two parts share a protein, or, with `group_of` (by id), a group of proteins.

    `fractions` are of proteins, met to half a group. A group that is too large for the test and validation parts is
    trained on.

    Raises:
        InputError: if a protein has no group, there are too few groups, or the fractions are none.
    """
    if min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise InputError(describe("not fractions", expected="three that sum to 1", found=str(fractions)))
    group = _groups(network, group_of)
    weight = np.bincount(group).astype(np.float64)
    if len(weight) < sum(fraction > 0 for fraction in fractions):
        raise InputError(
            describe("too few groups", expected="at least one per part", found=str(len(weight)),
                     do="Use a higher identity.")
        )  # fmt: skip
    rng = np.random.default_rng(seed)
    part = _grown(weight, _links(network, group), fractions, rng)[group]
    of_pair = part[network.pairs]
    train, validation, test = (np.flatnonzero((of_pair == place).all(1)) for place in range(len(PARTS)))
    provenance = {
        "method": "partition of proteins" if group_of is None else "partition of groups of proteins", "seed": seed,
        "fractions": list(fractions), "num_groups": len(weight), "largest_group": int(weight.max()),
        "num_proteins": np.bincount(part, minlength=len(PARTS)).tolist(),
        "num_dropped": len(network) - len(train) - len(validation) - len(test),
    }  # fmt: skip
    name = f"{'protein' if group_of is None else 'family'}-{seed}"
    return NetworkSplit(name, train, validation, test, len(network), network.digest(), part, provenance)


def _groups(network: InteractionNetwork, group_of: Mapping[str, str] | None) -> Int[np.ndarray, " protein"]:
    """Return the number of each protein's group."""
    if group_of is None:
        return np.arange(network.num_proteins)
    missing = [id for id in network.ids if id not in group_of]
    if missing:
        raise InputError(
            describe(f"{len(missing)} proteins have no group", found=", ".join(missing[:5]),
                     do="Give every protein of the network a group.")
        )  # fmt: skip
    number: dict[str, int] = {}
    return np.array([number.setdefault(group_of[id], len(number)) for id in network.ids], np.int64)


def _links(network: InteractionNetwork, group: Int[np.ndarray, " protein"]) -> csr_matrix:
    """Return the number of pairs between any two different groups, both ways."""
    ends = group[network.pairs]
    ends = ends[ends[:, 0] != ends[:, 1]]
    row, column = np.concatenate([ends[:, 0], ends[:, 1]]), np.concatenate([ends[:, 1], ends[:, 0]])
    size = int(group.max(initial=-1)) + 1
    return csr_matrix((np.ones(len(row)), (row, column)), shape=(size, size))


def _grown(
    weight: Float[np.ndarray, " group"],
    links: csr_matrix,
    fractions: tuple[float, float, float],
    rng: np.random.Generator,
) -> Int[np.ndarray, " group"]:
    """Return the part of each group: test is grown first, then validation, and what is left is trained on."""
    part, is_free = np.zeros(len(weight), np.int64), np.ones(len(weight), bool)
    num_links = np.maximum(np.asarray(links.sum(1)).ravel(), 1)
    for place in (PARTS.index("test"), PARTS.index("validation")):
        room = fractions[place] * weight.sum()
        inside = np.zeros(len(weight))
        # Half a group more or less: the part is filled to the nearest.
        while (fits := is_free & (weight / 2 <= room)).any():
            share = np.where(fits, inside / num_links, -1.0)
            # With no partner inside, any group may begin the part, or go on where its component has ended.
            index = int(rng.choice(np.flatnonzero(share == share.max())))
            part[index], is_free[index] = place, False
            room -= weight[index]
            span = slice(links.indptr[index], links.indptr[index + 1])
            inside[links.indices[span]] += links.data[span]
    return part
