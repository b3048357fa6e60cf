"""Generated proteins: compact backbones of ideal geometry with a random sequence, each with its mirror image if wanted.

A protein is a function of (seed, its index) alone, so protein 7 is the same whether ten or a million are made. The
residue types are independent of each other and of the structure: nothing can be read off the sequence but the sequence.
Positions are multiples of 1/256 angstrom, which the store keeps exactly and a mirror image negates exactly; distances
in a protein and in its mirror image are therefore the same numbers, not nearly the same.
"""

import hashlib
from collections.abc import Iterator
from typing import Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field, model_validator

from protea.datasets.sources.generation.chain_frames import ATOM_NAMES
from protea.datasets.sources.generation.compaction import GrowthSettings, fold
from protea.datasets.sources.generation.topology import draw_topology, secondary_structure
from protea.datasets.sources.interface import SourceConfig, SourceReport
from protea.errors import ContractError, describe
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.chemistry import ATOM_CODE, NAME_OF_LETTER
from protea.protein.record import Protein, Provenance

__all__ = ["MIRROR_SUFFIX", "POSITION_STEP", "GeneratedConfig", "generate_protein", "mirror_image", "original_id"]

MIRROR_SUFFIX = "m"
POSITION_STEP = 1 / 256
"""Positions are multiples of this, angstrom."""

_VERSION = "generated-1"  # raise it with any change that changes a protein
_ATTEMPTS = 100


class GeneratedConfig(SourceConfig):
    """Generated single-chain proteins `g000000`, `g000001` ...; a mirror image follows its original as `g000000m`."""

    kind: Literal["generated"] = "generated"
    num_proteins: int = Field(300, ge=1, le=1_000_000, description="Proteins, mirror images not counted.")
    seed: int = Field(0, ge=0, description="Seed; protein i depends on the seed and i only.")
    min_length: int = Field(40, ge=30, description="Residues of the shortest protein.")
    max_length: int = Field(150, le=400, description="Residues of the longest protein.")
    with_mirrors: bool = Field(True, description="Give each protein's mirror image too, as a protein of its own.")

    @model_validator(mode="after")
    def _check_lengths(self) -> "GeneratedConfig":
        if self.min_length > self.max_length:
            raise ValueError(f"min_length {self.min_length} exceeds max_length {self.max_length}; swap them")
        return self

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the proteins, each followed by its mirror image where these are asked for."""
        for index in range(self.num_proteins):
            protein = generate_protein(self.seed, index, self.min_length, self.max_length)
            records = (protein, mirror_image(protein)) if self.with_mirrors else (protein,)
            for record in records:
                if report is not None:
                    report.num_proteins += 1
                yield record

    def fingerprint(self) -> str:
        """Return a digest of the settings and of the version of the generator."""
        return hashlib.sha256(f"{_VERSION}\n{self.model_dump_json()}".encode()).hexdigest()


def original_id(id: str) -> str:
    """Return the id of the protein that `id` is the mirror image of, or `id` itself; pairs share it as their group."""
    return id.removesuffix(MIRROR_SUFFIX)


def generate_protein(seed: int, index: int, min_length: int = 40, max_length: int = 150) -> Protein:
    """Return one protein; its provenance note holds the secondary structure that was drawn (H, E, C per residue)."""
    rng = np.random.default_rng([seed, index])
    length = int(rng.integers(min_length, max_length + 1))
    sequence = "".join(STANDARD_LETTERS[code] for code in rng.integers(len(STANDARD_LETTERS), size=length))
    for _ in range(_ATTEMPTS):
        segments = draw_topology(rng, length)
        chain = fold(rng, segments, GrowthSettings())
        if chain is not None:
            return _record(f"g{index:06d}", sequence, chain.atoms, secondary_structure(segments))
    raise ContractError(
        describe(
            f"no compact chain in {_ATTEMPTS} attempts",
            where=f"generated protein {index} of seed {seed}",
            found=f"{length} residues",
            do="Choose another seed; if it comes back, report it.",
        )
    )


def mirror_image(protein: Protein) -> Protein:
    """Return the mirror image (x negated) with the same sequence, so that only its hand tells it from the original."""
    position = protein.atom_position * np.array([-1, 1, 1], dtype=np.float32)
    return protein.replace(id=protein.id + MIRROR_SUFFIX, atom_position=position)


def _record(id: str, sequence: str, atoms: Float[np.ndarray, "residue 5 3"], secondary_structure: str) -> Protein:
    length = len(sequence)
    # Glycine has no CB; all else of the geometry is the same for every residue type.
    is_present = np.ones((length, len(ATOM_NAMES)), dtype=bool)
    is_present[:, ATOM_NAMES.index("CB")] = np.array(list(sequence)) != "G"
    steps = np.rint((atoms - atoms[:, 1].mean(0)) / POSITION_STEP)
    codes = np.broadcast_to([ATOM_CODE[name] for name in ATOM_NAMES], is_present.shape)
    return Protein(
        id=id,
        sequence=sequence,
        residue_name=np.array([NAME_OF_LETTER[letter] for letter in sequence], dtype="<U5"),
        chain_ids=("A",),
        chain_of=np.zeros(length, np.int16),
        author_number=np.arange(1, length + 1, dtype=np.int32),
        insertion_code=np.full(length, "", dtype="<U1"),
        label_number=np.arange(1, length + 1, dtype=np.int32),
        atom_ptr=np.concatenate([[0], np.cumsum(is_present.sum(1))]).astype(np.int64),
        atom_code=codes[is_present].astype(np.uint8),
        atom_position=(steps[is_present] * POSITION_STEP).astype(np.float32),
        b_factor=None,
        b_factor_kind="b_factor",
        provenance=Provenance(
            source="generated", file_format="none", notes=(f"secondary structure as drawn: {secondary_structure}",)
        ),
        seqres=(sequence,),
    )
