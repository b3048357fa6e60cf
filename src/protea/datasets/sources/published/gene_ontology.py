"""Gene Ontology terms of PDB chains, in the layout of DeepFRI (Gligorijevic et al. 2021) with its identity levels."""

import csv
from collections.abc import Iterable
from functools import cached_property
from typing import Literal

import numpy as np
from pydantic import Field

from protea.datasets.labels import LabelTable
from protea.datasets.sources.published.archives import text_in_archive
from protea.datasets.sources.published.interface import ListedChain, PublishedConfig, parse_chain
from protea.datasets.splits import Split
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["GeneOntologyConfig"]

_ARCHIVE = "GeneOntology.zip"
_TRAIN, _VALIDATION, _TEST = "nrPDB-GO_train.txt", "nrPDB-GO_valid.txt", "nrPDB-GO_test.txt"
_ANNOTATION = "nrPDB-GO_annot.tsv"
_ONTOLOGIES = {"MF": "molecular_function", "BP": "biological_process", "CC": "cellular_component"}


class GeneOntologyConfig(PublishedConfig):
    """Chains with the label `go_terms`: one 0 or 1 per term of an ontology, in the order of the file.

    There are 489 terms of MF, 1,943 of BP, 320 of CC.
    A chain without a term of the ontology has no label and is in no part of the split. The test holds the chains below
    `test_identity` per cent identity to the training chains.
    """

    kind: Literal["gene_ontology"] = "gene_ontology"
    ontology: Literal["MF", "BP", "CC"] = Field(
        default="MF", description="Molecular function, biological process or cellular component"
    )
    test_identity: Literal[30, 40, 50, 70, 95] = Field(
        default=95, description="Largest identity of a test chain to the training chains, per cent"
    )

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("gene_ontology",)

    def listing(self) -> tuple[ListedChain, ...]:
        """Return the chains of the three lists; test chains above `test_identity` are in the part `test_other`."""
        texts, where = self._texts, str(self.folder / _ARCHIVE)
        found = []
        for name, part in ((_TRAIN, "train"), (_VALIDATION, "validation")):
            found += [parse_chain(line.strip(), where, part) for line in texts[name].splitlines() if line.strip()]
        column = f"<{self.test_identity}%"
        rows = csv.DictReader(texts[_TEST].splitlines())
        if rows.fieldnames is None or not {"PDB-chain", column} <= set(rows.fieldnames):
            raise FileFormatError(
                describe("not the list of test chains", where=f"{where}: {_TEST}", expected=f"PDB-chain and {column}",
                         found=str(rows.fieldnames))
            )  # fmt: skip
        for row in rows:
            part = "test" if row[column].strip() == "1" else "test_other"
            found.append(parse_chain(row["PDB-chain"], where, part))
        return tuple(found)

    def split(self) -> Split:
        """Return the published split of the chains that have a term of the ontology."""
        _, terms_of = self._annotation()
        split = super().split().restricted_to(terms_of)
        return Split(f"gene_ontology_{self.ontology}", split.train, split.validation, split.test, split.provenance)

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return which terms each record has."""
        terms, terms_of = self._annotation()
        index_of = {term: index for index, term in enumerate(terms)}
        value = {}
        for protein in proteins:
            if protein.id in terms_of:
                flags = np.zeros(len(terms), np.uint8)
                flags[[index_of[term] for term in terms_of[protein.id]]] = 1
                value[protein.id] = Label("protein", flags, np.ones(len(terms), bool))
        return (LabelTable("go_terms", "protein", value),)

    @cached_property
    def _texts(self) -> dict[str, str]:
        return text_in_archive(self.place(_ARCHIVE), (_TRAIN, _VALIDATION, _TEST, _ANNOTATION))

    def _annotation(self) -> tuple[list[str], dict[str, list[str]]]:
        """Return the terms of the ontology and those of each chain that has any."""
        where = f"{self.folder / _ARCHIVE}: {_ANNOTATION}"
        lines = self._texts[_ANNOTATION].splitlines()
        head = f"### GO-terms ({_ONTOLOGIES[self.ontology]})"
        heads = [line.split("\t")[0].strip() for line in lines]
        table = next((number for number, name in enumerate(heads) if name == "### PDB-chain"), None)
        if head not in heads or table is None:
            raise FileFormatError(describe("not the table of terms", where=where, expected=f"{head} and ### PDB-chain"))
        terms = lines[heads.index(head) + 1].split("\t")
        columns = [name.strip() for name in lines[table].split("\t")]
        wanted = next((place for place, name in enumerate(columns) if _ONTOLOGIES[self.ontology] in name), None)
        if wanted is None:
            raise FileFormatError(describe(f"no column of {self.ontology}", where=where, found=str(columns)))
        terms_of: dict[str, list[str]] = {}
        for number, line in enumerate(lines[table + 1 :], start=table + 2):
            cells = line.split("\t")
            named = cells[wanted].strip() if len(cells) > wanted else ""
            if named:
                found = named.split(",")
                unknown = sorted(set(found) - set(terms))
                if unknown:
                    raise FileFormatError(describe(f"unknown term {unknown[0]}", where=f"{where}, line {number}"))
                terms_of[parse_chain(cells[0], f"{where}, line {number}", "").id] = found
        return terms, terms_of
