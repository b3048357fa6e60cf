"""Databases of predicted structures: AlphaFold DB and the ESM Atlas, as FoldComp databases."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from protea.datasets.fetching.addresses import file_from_template, mirrored
from protea.datasets.fetching.receipt import digest_of_fetched
from protea.datasets.fetching.remote_file import RemoteFile
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.foldcomp_database import database_files, database_proteins, read_ids
from protea.datasets.sources.interface import SourceReport
from protea.protein.record import Protein

__all__ = ["AlphaFoldConfig", "ESMAtlasConfig", "PredictedConfig"]

_AlphaFoldDatabase = Literal[
    "afdb_rep_v4", "afdb_rep_dark_v4", "afdb_swissprot_v4", "afdb_uniprot_v4", "a_thaliana", "c_albicans", "c_elegans",
    "d_discoideum", "d_melanogaster", "d_rerio", "e_coli", "g_max", "h_sapiens", "m_jannaschii", "m_musculus",
    "o_sativa", "r_norvegicus", "s_cerevisiae", "s_pombe", "z_mays",
]  # fmt: skip
_SUFFIXES = ("", ".index", ".lookup", ".dbtype")


class PredictedConfig(FetchedSource):
    """Base of the databases of predictions: one FoldComp database of a closed list, or some of its entries."""

    database: str = Field(description="Which database")
    ids: Path | None = Field(default=None, description="Text file with the ids to read, one per line; all if none")

    def address_sets(self) -> tuple[str, ...]:
        """Return no row: the database is fetched by its name."""
        return ()

    def remotes(self) -> tuple[RemoteFile, ...]:
        """Return the files of the database."""
        names = [f"{self.database}{suffix}" for suffix in _SUFFIXES]
        return tuple(mirrored(file_from_template("foldcomp", name, name), self.mirror) for name in names)

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the records in the order of the index; damaged entries are refused by name."""
        wanted = None if self.ids is None else read_ids(self.ids)
        yield from database_proteins(self.place(self.database), report, wanted=wanted, is_plddt=True)

    def fingerprint(self) -> str:
        """Return a digest of the database and of the list of ids."""
        parts = [str(type(self).model_fields["kind"].default) + "-1", self.database]
        parts += [digest_of_fetched(path) for path in database_files(self.place(self.database))]
        parts.append("" if self.ids is None else digest_of_fetched(self.ids))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class AlphaFoldConfig(PredictedConfig):
    """Models of the AlphaFold database.

    Cluster representatives (2.27 million), their dark part, Swiss-Prot, all of UniProt (1 TB), or one of sixteen
    proteomes.
    """

    kind: Literal["alphafold"] = "alphafold"
    database: _AlphaFoldDatabase = Field(default="afdb_rep_v4", description="Which database")


class ESMAtlasConfig(PredictedConfig):
    """Models of the ESM Metagenomic Atlas: high-quality clusters at 30 % identity (37 million), or the whole (1 TB)."""

    kind: Literal["esm_atlas"] = "esm_atlas"
    database: Literal["highquality_clust30", "esmatlas", "esmatlas_v2023_02"] = Field(
        default="highquality_clust30", description="Which database"
    )
