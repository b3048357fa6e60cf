"""What is asked about in a file: each record of FASTA, each chain of the first model of a structure.

A structure is read for its sequences: what is predicted sees letters only. Where the file tells the whole sequence of a
chain (SEQRES), that one is taken; residues of it that were not observed have no atoms. Where the observed residues are
not in it, they alone are asked about, and that is said. Axes: residue, atom.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from protea.errors import InputError, describe
from protea.protein.readers.read import read_proteins
from protea.protein.record import Label, Protein
from protea.protein.seqres_placement import places_in_seqres

__all__ = ["author_numbers", "chains_of", "proteins_of"]


def proteins_of(path: Path) -> Iterator[Protein]:
    """Yield what a file asks about.

    Raises:
        InputError: if a structure holds no chain of a protein.
    """
    for protein in read_proteins(path):
        if not protein.num_atoms and len(protein):
            yield protein
            continue
        if protein.provenance.num_models > 1:  # all models are of one sequence: the first is shown
            protein = protein.replace(id=protein.id.removesuffix("_1"))
        chains = chains_of(protein)
        if not chains:
            raise InputError(describe("no chain of a protein", where=str(path), do="Leave the file out."))
        yield from chains
        return


def chains_of(protein: Protein) -> list[Protein]:
    """Return each chain as a protein of its own, called `<id>_<chain>` where there are several."""
    names = [name for place, name in enumerate(protein.chain_ids) if (protein.chain_of == place).any()]
    found = []
    for name in names:
        chain = _whole(protein.select_chains((name,)))
        found.append(chain if len(names) == 1 else chain.replace(id=f"{protein.id}_{name}"))
    return found


def _whole(chain: Protein) -> Protein:
    """Return a chain with the residues of its SEQRES that were not observed; as it is where letters disagree."""
    seqres = chain.seqres[0] if chain.seqres else None
    if seqres is None or len(seqres) == len(chain) or not (chain.num_atoms and len(chain)):
        return chain
    place = places_in_seqres(chain)
    if place is None:
        return chain
    number = len(seqres)
    counts = np.zeros(number, dtype=np.int64)
    counts[place] = np.diff(chain.atom_ptr)

    def spread(values: np.ndarray, empty: np.ndarray) -> np.ndarray:
        found = empty.astype(values.dtype)
        found[place] = values
        return found

    labels = {
        name: label if label.level == "protein" else Label(
            "residue", spread(label.value, np.zeros((number, *label.value.shape[1:]))),
            spread(label.is_known, np.zeros((number, *label.is_known.shape[1:]))),
        )
        for name, label in chain.labels.items()
    }  # fmt: skip
    own = np.arange(1, number + 1)
    return chain.replace(
        sequence=seqres,
        residue_name=spread(chain.residue_name, np.full(number, "UNK")),
        chain_of=np.zeros(number, dtype=chain.chain_of.dtype),
        author_number=spread(chain.author_number, own),
        insertion_code=spread(chain.insertion_code, np.full(number, "")),
        label_number=own.astype(chain.label_number.dtype),
        atom_ptr=np.concatenate([[0], np.cumsum(counts)]).astype(chain.atom_ptr.dtype),
        labels=labels,
    )


def author_numbers(chain: Protein) -> tuple[str, ...]:
    """Return the author's number of each residue with its insertion code; nothing where no atom was observed."""
    is_observed = np.diff(chain.atom_ptr) > 0
    return tuple(
        f"{chain.author_number[row]}{chain.insertion_code[row]}" if is_observed[row] else ""
        for row in range(len(chain))
    )
