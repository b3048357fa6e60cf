"""Residue features on reference coordinates: every column as published, angles where they are defined."""

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Int

from protea.benchmark.parity.card import FeatureTolerance
from protea.benchmark.parity.comparison import Comparison, Unsupported, compare
from protea.benchmark.parity.edges import compare_edges
from protea.benchmark.parity.golden import Golden
from protea.errors import InputError, describe
from protea.features.edges.k_nearest import KNearest
from protea.features.interface import FeaturisedBatch, ResidueFeature
from protea.features.residue.alpha import ALPHA
from protea.features.residue.backbone_dihedrals import BACKBONE_DIHEDRALS
from protea.features.residue.kappa import KAPPA
from protea.features.residue.one_hot import one_hot
from protea.features.residue.orientation import ORIENTATION
from protea.features.residue.positional_encoding import POSITIONAL_ENCODING
from protea.features.residue.side_chain_torsions import SIDE_CHAIN_TORSIONS
from protea.features.schemes import Scheme, SchemeConfig
from protea.protein.batch import ProteinBatch
from protea.protein.chemistry import HEAVY_ATOMS
from protea.protein.converters.dense import batch_from_atom37

__all__ = ["compare_features", "golden_proteins", "published_scheme"]

_FEATURES: Mapping[str, ResidueFeature] = {
    "sequence_positional_encoding": POSITIONAL_ENCODING,
    "amino_acid_one_hot": one_hot("published"),
    "alpha": ALPHA,
    "kappa": KAPPA,
    "dihedrals": BACKBONE_DIHEDRALS,
    "sidechain_torsions": SIDE_CHAIN_TORSIONS,
}
# Where each feature's angles stand in `angle_defined`: alpha, kappa, phi, psi, omega, chi 1-4.
_ANGLES = {"alpha": (0,), "kappa": (1,), "backbone_dihedrals": (2, 3, 4), "side_chain_torsions": (5, 6, 7, 8)}
_ASIDE = {
    "x_batched": "what the reference gives in a batch, with its defects",
    "x_batched_of_3": "what the reference gives in a batch of three, with its defects",
    "batch_dependent_rows": "which rows the reference gets wrong in a batch",
    "angle_defined": "says where angles are compared",
    "chi_lost": "says which angles lack an atom",
    "edge_type": "the row of the edge kind in the configuration",
}
_PRECISIONS = ((torch.float32, "float32"), (torch.float64, "float64"))
_Part = Literal["angle", "one_hot", "positional"]


def compare_features(golden: Golden) -> tuple[list[Comparison], dict[str, str]]:
    """Return the comparison of columns, graphs and edge features in both precisions, and what was left aside."""
    bounds = FeatureTolerance.of(golden.card)
    scheme = published_scheme(golden)
    comparisons: list[Comparison] = []
    aside: dict[str, str] = {}
    for dtype, precision in _PRECISIONS:
        expected = golden.outputs_in(dtype)
        if not expected:
            continue
        batch = golden_proteins(golden, dtype)
        inputs = scheme(batch, KNearest())
        if "x_single" in expected:
            comparisons += _columns(golden, scheme, inputs, expected["x_single"], precision, bounds)
        if "orientation" in expected and inputs.vector is not None:
            found, bound = inputs.vector.numpy(), bounds.positional
            comparisons.append(compare("orientation", precision, found, expected["orientation"], absolute=bound))
        edges, left = compare_edges(batch, inputs, expected, precision, bounds)
        comparisons += edges
        aside |= left
    compared = {re.sub(r" \[.*", "", item.output) for item in comparisons}
    for name in golden.outputs:
        if name not in compared and name not in aside:
            aside[name] = _ASIDE.get(name, "no such feature here")
    return comparisons, aside


def published_scheme(golden: Golden) -> Scheme:
    """Return the scheme with the golden's columns: as its configuration lists them, else the one of that width.

    Raises:
        Unsupported: if a feature, or a scheme of this width, is not implemented.
    """
    width = golden.outputs["x_single"].shape[1]
    features: dict[str, Any] = golden.config.get("features", {})
    names = features.get("scalar_node_features")
    if names is None:
        for kind in ("ca_base", "ca_seq", "ca_angles", "ca_bb", "ca_sc"):
            config = SchemeConfig(kind=kind, alphabet="published", undefined_angles="published", orientation=True)
            if config.build().dim == width:
                return config.build()
        raise Unsupported(f"a feature scheme with {width} columns and no list of features")
    unknown = [name for name in names if name not in _FEATURES]
    if unknown or features.get("representation", "CA") != "CA":
        raise Unsupported(f"features {unknown} of representation {features.get('representation', 'CA')}")
    # The reference puts the positional encoding first, the others in the order of its configuration.
    ordered = sorted(names, key=lambda name: name != "sequence_positional_encoding")
    scheme = Scheme(tuple(_FEATURES[name] for name in ordered), "published", vector_features=(ORIENTATION,))
    if scheme.dim != width:
        raise InputError(
            describe("columns and configuration disagree", where=str(golden.folder), expected=f"{scheme.dim} columns",
                     found=str(width))
        )  # fmt: skip
    return scheme


def golden_proteins(golden: Golden, dtype: torch.dtype) -> ProteinBatch:
    """Return the reference's structures, packed."""
    inputs, config = golden.inputs, golden.config
    missing = [name for name in ("atoms37", "letters20") if name not in config]
    missing += [name for name in ("coords", "atom_mask", "residue_type_20", "residue_ptr") if name not in inputs]
    if missing:
        raise InputError(describe(f"features without {missing}", where=str(golden.folder)))
    width = "float64" if dtype == torch.float64 else "float32"
    types, letters = _residue_types(golden)
    return batch_from_atom37(
        inputs["coords"].astype(width), inputs["atom_mask"], types, inputs["residue_ptr"], config["atoms37"], letters
    )


def _residue_types(golden: Golden) -> tuple[Int[np.ndarray, " residue"], str]:
    """Return the types and the letters that they count: the 20, or the reference's own if a residue is none of them."""
    types, letters = golden.inputs["residue_type_20"], str(golden.config["letters20"])
    is_standard = bool(((types >= 0) & (types < len(letters))).all())
    if is_standard or "residue_type_reference" not in golden.inputs or "one_hot_order" not in golden.config:
        return types, letters
    return golden.inputs["residue_type_reference"], str(golden.config["one_hot_order"])


class _Columns(NamedTuple):
    """Where a feature stands in the scheme, and of which sort its columns are."""

    feature: ResidueFeature
    columns: slice
    part: _Part


def _parts(scheme: Scheme) -> list[_Columns]:
    found, start = [], 0
    for feature in scheme.features:
        part: _Part = "angle" if feature.name in _ANGLES else ("one_hot" if feature.name == "one_hot" else "positional")
        found.append(_Columns(feature, slice(start, start + feature.dim), part))
        start += feature.dim
    return found


def _columns(
    golden: Golden, scheme: Scheme, inputs: FeaturisedBatch, expected: np.ndarray, precision: str,
    bounds: FeatureTolerance,
) -> list[Comparison]:  # fmt: skip
    """Return one comparison per feature, and one for the undefined angles where the reference has no missing atom."""
    ours = inputs.scalar.numpy()
    if ours.shape != expected.shape:
        return [compare("x_single", precision, ours, expected, absolute=0.0)]
    absolute = {"angle": bounds.angle, "one_hot": bounds.one_hot, "positional": bounds.positional}
    defined = golden.outputs.get("angle_defined")
    is_whole = _has_whole_neighbourhood(golden)
    comparisons = []
    for feature, columns, part in _parts(scheme):
        bound = absolute[part] if precision == "float32" else bounds.float64
        found, wanted = ours[:, columns], expected[:, columns]
        name = f"x_single [{feature.name}]"
        if part != "angle" or defined is None:
            comparisons.append(compare(name, precision, found, wanted, absolute=bound))
            continue
        is_defined = np.repeat(defined[:, list(_ANGLES[feature.name])], 2, axis=1)
        note = f"{int(is_defined.sum()) // 2} defined angles"
        comparisons.append(compare(name, precision, found[is_defined], wanted[is_defined], absolute=bound, note=note))
        is_written = ~is_defined & is_whole[:, None]
        if is_written.any():
            name, note = f"x_single [{feature.name}, undefined]", f"{int(is_written.sum()) // 2} written as 0 degrees"
            comparisons.append(
                compare(name, precision, found[is_written], wanted[is_written], absolute=bound, note=note)
            )
    return comparisons


def _has_whole_neighbourhood(golden: Golden) -> Bool[np.ndarray, " residue"]:
    """Return where a residue and two on either side of it have all atoms of their types.

    Elsewhere the reference computes with a fill value, and what it writes for an undefined angle means nothing.
    """
    names, (types, letters) = list(golden.config["atoms37"]), _residue_types(golden)
    needed = np.zeros((len(letters), len(names)), bool)
    for index, letter in enumerate(letters):
        if letter in HEAVY_ATOMS:
            needed[index, [names.index(name) for name in HEAVY_ATOMS[letter]]] = True
    is_whole = (golden.inputs["atom_mask"] | ~needed[types]).all(1)
    return np.logical_and.reduce([np.roll(is_whole, shift) for shift in range(-2, 3)])
