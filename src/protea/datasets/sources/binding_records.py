"""Complexes with a measured affinity, or their mutants with its change: records of both sides with one label.

Labels of a record: `affinity` (kcal/mol: dG of the complex, the lower the tighter, or ddG of the mutant, positive where
it weakens binding), `num_mutations`, and `num_interface_residues` (residues with a heavy atom within 5 angstrom of the
other side, in the wild type). A mutant keeps the backbone and CB of the wild type at its mutated residues, and no other
atom there: nobody has measured where they are.
"""

import hashlib
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from protea.datasets.interactions.interface_contacts import ContactDefinition, interface_maps
from protea.datasets.interactions.skempi_table import Measurement, Mutation
from protea.datasets.sources.interface import SourceConfig, SourceReport, refuse
from protea.datasets.sources.published.sabdab import SAbDabConfig
from protea.datasets.sources.published.skempi import SKEMPIConfig, energy_label
from protea.errors import FileFormatError, InputError, describe
from protea.protein.chemistry import ATOM_CODE, BACKBONE_ATOMS, NAME_OF_LETTER
from protea.protein.record import Label, Protein

__all__ = ["BindingRecordsConfig", "mutated"]

_HEAVY = ContactDefinition(atoms="heavy")
_KEPT = tuple(ATOM_CODE[name] for name in (*BACKBONE_ATOMS, "CB"))


class BindingRecordsConfig(SourceConfig):
    """A record per complex, or per measured mutant of one (`1CSE_E_I:12`: the row of the table)."""

    kind: Literal["binding_records"] = "binding_records"
    source: Annotated[SKEMPIConfig | SAbDabConfig, Field(discriminator="kind")] = Field(
        description="Where complexes and affinities come from."
    )
    asks: Literal["energy", "change"] = Field("energy", description="dG of complexes, or ddG of mutants (SKEMPI).")

    @model_validator(mode="after")
    def _check_mutants_are_there(self) -> "BindingRecordsConfig":
        if self.asks == "change" and not isinstance(self.source, SKEMPIConfig):
            raise ValueError("asks: change needs mutants, which SKEMPI alone has")
        return self

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the records whose affinity is an exact number; bounds and unknown ones are counted."""
        of_complex: dict[str, list[Measurement]] = {}
        if isinstance(self.source, SKEMPIConfig) and self.asks == "change":
            for one in self.source.measurements():
                of_complex.setdefault(one.complex, []).append(one)
        inner = None if report is None else SourceReport()
        for protein in self.source.proteins(inner):
            size = _interface_size(protein)
            made = self._mutants(protein, of_complex.get(protein.id, []), report) if of_complex else iter([protein])
            for record in made:
                label = record.labels["binding_energy"]
                if not label.is_known.all():
                    if report is not None:
                        report.count("without_an_exact_affinity")
                    continue
                num = int(record.labels["num_mutations"].value) if "num_mutations" in record.labels else 0
                if report is not None:
                    report.num_proteins += 1
                yield record.replace(
                    labels={"affinity": label, "num_mutations": _number(num), "num_interface_residues": _number(size)}
                )
        if report is not None and inner is not None:
            report.refused.update(inner.refused)
            report.ignored.extend(inner.ignored)
            for name, number in inner.counts.items():
                report.count(name, number)

    def fingerprint(self) -> str:
        """Return a digest of the source and what is asked of it."""
        return hashlib.sha256(f"binding-records-1\n{self.source.fingerprint()}\n{self.asks}".encode()).hexdigest()

    def _mutants(
        self, protein: Protein, measurements: list[Measurement], report: SourceReport | None
    ) -> Iterator[Protein]:
        for one in measurements:
            try:
                made = mutated(protein, one.mutations)
            except InputError as error:
                refuse(report, one.id, error)
                continue
            value = one.ddg.value if one.ddg.qualifier == "=" else None
            labels = {"binding_energy": energy_label(value), "num_mutations": _number(len(one.mutations))}
            yield made.replace(id=one.id, labels=labels)


def mutated(protein: Protein, mutations: tuple[Mutation, ...]) -> Protein:
    """Return a record with other residue types at some residues, and there no atom beyond CB (CA of glycine).

    Raises FileFormatError where a residue is not there, or is of another type than the mutation says.
    """
    letters, names = list(protein.sequence), protein.residue_name.copy()
    is_kept = np.ones(protein.num_atoms, bool)
    residue = protein.residue_of_atom()
    for mutation in mutations:
        if mutation.chain not in protein.chain_ids:
            raise FileFormatError(describe(f"no chain {mutation.chain!r}", where=protein.id))
        here = (
            (protein.chain_of == protein.chain_ids.index(mutation.chain))
            & (protein.author_number == mutation.number)
            & (np.char.lower(protein.insertion_code) == mutation.insertion)
        )
        rows = np.flatnonzero(here)
        found = letters[rows[0]] if len(rows) == 1 else f"{len(rows)} residues"
        if found != mutation.wild_type:
            raise FileFormatError(
                describe("the mutation fits no residue", where=f"{protein.id}, chain {mutation.chain}, "
                         f"{mutation.number}{mutation.insertion}", expected=mutation.wild_type, found=found)
            )  # fmt: skip
        row = int(rows[0])
        letters[row] = mutation.mutant
        names[row] = NAME_OF_LETTER[mutation.mutant]
        kept = _KEPT[:-1] if mutation.mutant == "G" else _KEPT
        is_kept &= (residue != row) | np.isin(protein.atom_code, kept)
    count = np.bincount(residue[is_kept], minlength=len(protein))
    return protein.replace(
        sequence="".join(letters), residue_name=names,
        atom_ptr=np.concatenate([[0], np.cumsum(count)]).astype(protein.atom_ptr.dtype),
        atom_code=protein.atom_code[is_kept], atom_position=protein.atom_position[is_kept],
        b_factor=None if protein.b_factor is None else protein.b_factor[is_kept],
    )  # fmt: skip


def _interface_size(protein: Protein) -> int:
    """Return the number of residues at the interface of the two sides that the id of a complex names."""
    _, first, second = protein.id.split("_")
    maps = interface_maps(protein, tuple(first), tuple(second), _HEAVY)
    return int(sum(side.sum() for side in maps.interface()))


def _number(value: int) -> Label:
    return Label("protein", np.array(value, np.float32), np.array(True))
