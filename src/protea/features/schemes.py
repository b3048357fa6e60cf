"""Feature schemes: which residue features an encoder sees, in which order, and how undefined angles are written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple

import torch
from jaxtyping import Float
from pydantic import Field, model_serializer, model_validator
from torch import Tensor

from protea.config import Config
from protea.errors import LeakError, describe
from protea.features.edge_features.catalogue import EdgeFeatureName, edge_features_named
from protea.features.edges.catalogue import GraphConfig
from protea.features.edges.predicted_contacts import ContactsConfig, PredictedContacts
from protea.features.edges.published_names import published_graph
from protea.features.hidden_edges import hidden_groups, visible_graph
from protea.features.interface import (
    EdgeFeature,
    FeaturisedBatch,
    Graph,
    ResidueFeature,
    Reveals,
    VectorFeature,
    edge_index_of,
)
from protea.features.representations.catalogue import REPRESENTATIONS, RepresentationName
from protea.features.representations.interface import Representation, nodes_of
from protea.features.residue.alpha import ALPHA
from protea.features.residue.backbone_dihedrals import BACKBONE_DIHEDRALS
from protea.features.residue.constant import CONSTANT
from protea.features.residue.kappa import KAPPA
from protea.features.residue.one_hot import ResidueAlphabet, one_hot
from protea.features.residue.orientation import ORIENTATION
from protea.features.residue.positional_encoding import POSITIONAL_ENCODING
from protea.features.residue.side_chain_torsions import SIDE_CHAIN_TORSIONS
from protea.features.residue.stored_embedding import EmbeddingConfig, stored_embedding
from protea.features.residue.virtual_cb import VIRTUAL_CB
from protea.features.structure_view import StructureView, UndefinedAngles
from protea.protein.batch import ProteinBatch

__all__ = ["SCHEME_KINDS", "Scheme", "SchemeConfig", "SchemeKind"]

SchemeKind = Literal[
    "ca_base", "ca_seq", "ca_angles", "ca_bb", "ca_sc", "ca", "all_invariant_ca", "all_equivariant_ca", "sequence"
]  # fmt: skip


class _Recipe(NamedTuple):
    """The features before and after the residue type, those of edges, and the names of the published graph."""

    before: tuple[ResidueFeature, ...] = ()
    after: tuple[ResidueFeature, ...] = ()
    edge_features: tuple[EdgeFeatureName, ...] = ()
    has_orientation: bool = False
    graph: tuple[str, ...] = ("knn_16",)
    reads_structure: bool = True


_SEQ = (POSITIONAL_ENCODING,)
_ANGLES = (ALPHA, KAPPA)
_EDGE_SCALARS: tuple[EdgeFeatureName, ...] = ("distance", "edge_type", "node_features", "sequence_distance")
_RECIPES: dict[SchemeKind, _Recipe] = {
    "ca_base": _Recipe(),
    "ca_seq": _Recipe(_SEQ),
    "ca_angles": _Recipe(_SEQ, _ANGLES),
    "ca_bb": _Recipe(_SEQ, (*_ANGLES, BACKBONE_DIHEDRALS)),
    "ca_sc": _Recipe(_SEQ, (*_ANGLES, BACKBONE_DIHEDRALS, SIDE_CHAIN_TORSIONS)),
    "ca": _Recipe(graph=("knn_10",)),
    "all_invariant_ca": _Recipe(
        after=(BACKBONE_DIHEDRALS, SIDE_CHAIN_TORSIONS, *_ANGLES),
        edge_features=_EDGE_SCALARS,
        graph=("knn_10", "eps_8"),
    ),
    "all_equivariant_ca": _Recipe(
        edge_features=(*_EDGE_SCALARS, "direction"), has_orientation=True, graph=("knn_10", "eps_8")
    ),
    "sequence": _Recipe(reads_structure=False),
}
SCHEME_KINDS: tuple[SchemeKind, ...] = tuple(_RECIPES)
"""The schemes of ProteinWorkshop (from ca_base to ca_sc each holds all that the one before it holds), and `sequence`:

the residue type alone, with every position hidden, so that a structure that is at hand changes nothing.
"""


def _parity(features: tuple[ResidueFeature, ...], representation: Representation | None) -> tuple[int, ...]:
    """Return the sign of every column; those of the type of a node come last."""
    of_type = (1,) * (0 if representation is None else representation.dim)
    return (*(sign for feature in features for sign in feature.parity), *of_type)


def _cure(feature: ResidueFeature, forbidden: frozenset[Reveals], embedding: ResidueFeature | None) -> str:
    """Return what to set so that nothing forbidden is revealed."""
    if feature is embedding:
        return "Leave the embedding out: it was made before anything was hidden."
    largest = "ca_angles" if "backbone_dihedrals" in forbidden else "ca_bb"
    if "residue_type" in forbidden:
        return f"Set without_residue_type to true and choose {largest} or less."
    return f"Choose {largest} or less."


_REVEALED_BY_CONTACTS: frozenset[Reveals] = frozenset({"residue_type", "side_chain"})
"""A language model predicted them from the letters, before anything was hidden."""


def _graph(config: GraphConfig, view: StructureView, batch: ProteinBatch) -> Graph:
    """Return the graph of residues: of what the view shows of positions, or of the contacts that the batch carries."""
    if isinstance(config, PredictedContacts):
        return config.of_batch(batch)
    return config.build(view.ca, view.has_ca, batch.residue_ptr, batch.chain_of)


def _without_atoms(batch: ProteinBatch) -> ProteinBatch:
    """Return the batch as sequences alone."""
    return batch.replace(
        atom_ptr=torch.zeros_like(batch.atom_ptr),
        atom_code=batch.atom_code[:0],
        atom_position=batch.atom_position[:0],
        extra={name: item for name, item in batch.extra.items() if item.axis != "atom"},
    )


@dataclass(frozen=True)
class Scheme:
    """A pure function from a batch to what an encoder reads. Columns stand in the order of `features`.

    Vectors stand in the order of `vector_features`, edge scalars and edge vectors in that of `edge_features`.
    """

    features: tuple[ResidueFeature, ...]
    undefined_angles: UndefinedAngles = "masked"
    vector_features: tuple[VectorFeature, ...] = ()
    edge_features: tuple[EdgeFeature, ...] = ()
    representation: Representation | None = None
    embedding: ResidueFeature | None = None
    """The one of the features that is stored, if there is one."""
    reads_structure: bool = True
    """Whether positions reach the encoder; if not, every residue counts as unresolved and has no edge in space."""
    has_contacts: bool = False
    """Whether batches carry predicted contacts."""

    @cached_property
    def parity(self) -> tuple[int, ...]:
        """Sign of each column that the encoder reads under a mirror: +1 unchanged, -1 negated."""
        return _parity(self.features, self.representation)

    @property
    def dim(self) -> int:
        """Number of columns that the encoder reads: those of the features, and of the type of a node."""
        return len(self.parity)

    @property
    def shows_residue_type(self) -> bool:
        """Whether a feature holds the residue type, so that encoders that read letters may have it too."""
        return any("residue_type" in feature.reveals for feature in self.features if feature is not self.embedding)

    @property
    def edge_dim(self) -> int:
        """Number of scalar columns of each edge."""
        return sum(feature.dim for feature in self.edge_features if not feature.is_vector)

    @property
    def num_edge_vectors(self) -> int:
        """Number of vectors of each edge."""
        return sum(feature.dim for feature in self.edge_features if feature.is_vector)

    def refuse(self, forbidden: frozenset[Reveals]) -> None:
        """Raise LeakError if a feature gives away what is forbidden; an objective calls this with its answer."""
        members = [
            (f"feature {feature.name!r}", feature.reveals, _cure(feature, forbidden, self.embedding))
            for feature in self.features
        ]
        members += [
            (f"vectors {feature.name!r}", feature.reveals, f"Set {feature.name} to false.")
            for feature in self.vector_features
        ]
        if self.has_contacts:
            members.append(("predicted contacts", _REVEALED_BY_CONTACTS, "Leave the contacts out."))
        if self.representation is not None:
            name = f"representation {self.representation.name!r}"
            allowed = "ca" if "backbone_dihedrals" in forbidden else "ca or backbone"
            members.append((name, self.representation.reveals, f"Choose the representation {allowed}."))
        for name, reveals, cure in members:
            given_away = sorted(reveals & forbidden)
            if given_away:
                raise LeakError(
                    describe(
                        f"the scheme reveals the answer ({', '.join(given_away)})",
                        where=name,
                        expected=f"nothing that reveals any of {sorted(forbidden)}",
                        found=f"a scheme of {[feature.name for feature in self.features]}",
                        do=cure,
                    )
                )

    def __call__(self, batch: ProteinBatch, graph: GraphConfig) -> FeaturisedBatch:
        """Return the features of every residue, in the dtype of the atom positions, with CA positions and the graph.

        Unresolved CA positions are 0 and have no edge in space. A batch without any atom gets an empty graph. With a
        representation the batch also has nodes, which have a graph of their own and the edge features.
        """
        view = StructureView(batch if self.reads_structure else _without_atoms(batch), self.undefined_angles)
        residues = FeaturisedBatch(
            residue_ptr=batch.residue_ptr,
            scalar=torch.cat([feature.compute(view) for feature in self.features], dim=1),
            position=view.ca,
            is_resolved=view.has_ca,
            chain_of=batch.chain_of,
            graph=visible_graph(_graph(graph, view, batch), batch),
            vector=torch.cat([feature.compute(view) for feature in self.vector_features], dim=1)
            if self.vector_features
            else None,
            hidden_groups=hidden_groups(batch),
            residue_type=batch.residue_type if self.shows_residue_type else None,
            pair_member=batch.pair_member,
        )
        if self.representation is None:
            return self._with_edge_features(residues)
        nodes = nodes_of(self.representation, view, residues, graph)
        return residues.replace(nodes=replace(nodes, inputs=self._with_edge_features(nodes.inputs)))

    def _with_edge_features(self, inputs: FeaturisedBatch) -> FeaturisedBatch:
        if not self.edge_features:
            return inputs
        edge_index = edge_index_of(inputs.graph)

        def joined(is_vector: bool) -> Float[Tensor, "edge feature ..."] | None:
            chosen = [feature for feature in self.edge_features if feature.is_vector == is_vector]
            return torch.cat([feature.compute(inputs, edge_index) for feature in chosen], dim=1) if chosen else None

        return inputs.replace(edge_scalar=joined(is_vector=False), edge_vector=joined(is_vector=True))


class SchemeConfig(Config):
    """Which features an encoder may read; the graph is the encoder's choice (`published_graph` gives the usual one)."""

    kind: SchemeKind = Field(
        default="ca_bb",
        description="features; ca_base to ca_sc each hold all of the one before; sequence: no position is read",
    )
    undefined_angles: UndefinedAngles = Field(
        default="masked",
        description="masked: (0, 0), and none over a chain break; published: (1, 0), and breaks are not looked at",
    )
    alphabet: ResidueAlphabet = Field(default="protea", description="one-hot columns: protea (21) or published (23)")
    without_residue_type: bool = Field(default=False, description="leave the one-hot out, for inverse folding")
    orientation: bool = Field(default=False, description="give unit vectors along the CA trace as vector features")
    virtual_cb: bool = Field(
        default=False, description="give the unit vector from CA to an ideal CB as a vector feature, after the others"
    )
    edge_features: tuple[EdgeFeatureName, ...] = Field(
        default=(), description="features of edges beside those of the kind, for encoders that read them"
    )
    representation: RepresentationName = Field(
        default="ca",
        description="what stands for a residue: its CA, or nodes for the atoms of the backbone, for all heavy atoms, "
        "or for the CA or the backbone and the centroid of the side chain",
    )
    embedding: EmbeddingConfig | None = Field(
        default=None, description="stored embeddings of residues, such as those of a language model, after the features"
    )
    contacts: ContactsConfig | None = Field(
        default=None, description="stored contacts that a language model predicts, for the graph `predicted_contacts`"
    )

    @model_validator(mode="after")
    def _check_sequence_has_one_node_per_residue(self) -> "SchemeConfig":
        if not _RECIPES[self.kind].reads_structure and self.representation != "ca":
            raise ValueError(f"the scheme {self.kind!r} hides all atoms, so that {self.representation!r} has no node")
        return self

    @model_serializer(mode="wrap")
    def _without_what_is_absent(self, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Leave absent embeddings and contacts out: records that were written before there were any stay equal."""
        tree: dict[str, Any] = handler(self)
        for name in ("embedding", "contacts"):
            if getattr(self, name) is None:
                tree.pop(name, None)
        return tree

    def build(self) -> Scheme:
        """Return the scheme; one without any feature gets a constant column."""
        recipe, chosen = _RECIPES[self.kind], self.embedding
        embedding = None if chosen is None else stored_embedding(chosen.name, chosen.dim, chosen.made_from)
        features = self._features(recipe, embedding)
        representation = None if self.representation == "ca" else REPRESENTATIONS[self.representation]
        edge_features = edge_features_named(
            (*recipe.edge_features, *self.edge_features), _parity(features, representation)
        )
        has_orientation = self.orientation or recipe.has_orientation
        vectors = (ORIENTATION,) * has_orientation + (VIRTUAL_CB,) * self.virtual_cb
        return Scheme(
            features, self.undefined_angles, vectors, edge_features, representation, embedding, recipe.reads_structure,
            self.contacts is not None,
        )  # fmt: skip

    def _features(self, recipe: _Recipe, embedding: ResidueFeature | None) -> tuple[ResidueFeature, ...]:
        if self.embedding is not None and embedding is not None and not self.embedding.is_concatenated:
            return (embedding,)
        residue_type = () if self.without_residue_type else (one_hot(self.alphabet),)
        stored = () if embedding is None else (embedding,)
        return (*recipe.before, *residue_type, *recipe.after, *stored) or (CONSTANT,)

    def published_graph(self) -> GraphConfig:
        """Return the graph that ProteinWorkshop builds for this scheme, to be set as the encoder's."""
        return published_graph(*_RECIPES[self.kind].graph)
