"""GO terms: columns in the order of the file, parts by identity, chains without a term of the ontology left aside."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from protea.datasets.sources.published.gene_ontology import GeneOntologyConfig
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import fetched, list_files, structure_files, zipped

ANNOTATION = "\n".join([
    "### GO-terms (molecular_function)", "GO:3\tGO:1\tGO:2", "", "### GO-names (molecular_function)", "x\ty\tz",
    "### GO-terms (biological_process)", "GO:7", "", "### GO-names (biological_process)", "p",
    "### GO-terms (cellular_component)", "GO:8\tGO:9", "",
    "### PDB-chain\tGO-terms (molecular_function)\tGO-terms (biological_process)\tGO-terms (cellular_component)",
    "1AAA-A\tGO:1,GO:3\tGO:7\t", "1AAA-B\t\tGO:7\tGO:9", "1BBB-A\tGO:2\t\t", "1CCC-A\tGO:3\t\tGO:8",
    "1CCC-B\tGO:3\t\t",
])  # fmt: skip
TEXTS = {
    "nrPDB-GO_train.txt": "1AAA-A\n1AAA-B\n", "nrPDB-GO_valid.txt": "1BBB-A\n",
    "nrPDB-GO_test.txt": "PDB-chain,<30%,<40%,<50%,<70%,<95%\n1CCC-A,0,0,1,1,1\n1CCC-B,0,0,0,0,1\n",
    "nrPDB-GO_annot.tsv": ANNOTATION,
}  # fmt: skip


def source_in(
    folder: Path, ontology: str = "MF", identity: int = 95, texts: dict[str, str] = TEXTS
) -> GeneOntologyConfig:
    folder.mkdir(exist_ok=True)
    (folder / "GeneOntology.zip").write_bytes(zipped(texts))
    return GeneOntologyConfig.model_validate({"folder": folder, "ontology": ontology, "test_identity": identity})


def test_terms_are_joined_in_the_order_of_the_file(tmp_path: Path) -> None:
    files = list_files("gene_ontology", {"GeneOntology.zip": zipped(TEXTS)}) | structure_files("1aaa 1bbb 1ccc")
    source, found = fetched(GeneOntologyConfig(folder=tmp_path), files)
    assert not found.failed
    proteins = list(source.proteins())
    assert [protein.id for protein in proteins] == ["1aaa_A", "1aaa_B", "1bbb_A", "1ccc_A", "1ccc_B"]
    (table,) = source.labels(proteins)
    assert table.of["1aaa_A"].value.tolist() == [1, 1, 0]
    assert table.of["1bbb_A"].value.tolist() == [0, 0, 1]
    assert "1aaa_B" not in table.of
    assert not table.label("1aaa_B", 30).is_known.any()


def test_the_split_follows_ontology_and_identity(tmp_path: Path) -> None:
    split = source_in(tmp_path).split()
    assert (split.train, split.validation, split.test) == (("1aaa_A",), ("1bbb_A",), ("1ccc_A", "1ccc_B"))
    assert source_in(tmp_path, identity=50).split().test == ("1ccc_A",)
    assert source_in(tmp_path, identity=30).split().test == ()
    assert source_in(tmp_path, "BP").split().train == ("1aaa_A", "1aaa_B")
    assert source_in(tmp_path, "CC").split().train == ("1aaa_B",)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("nrPDB-GO_annot.tsv", "GO:1,GO:3", "GO:1,GO:5", "line 15: unknown term GO:5"),
        ("nrPDB-GO_annot.tsv", "### PDB-chain", "PDB-chain", "not the table of terms"),
        ("nrPDB-GO_test.txt", "<95%", "95", "not the list of test chains"),
        ("nrPDB-GO_train.txt", "1AAA-A", "1AAA+A", "not a chain"),
    ],
)
def test_damage_is_named(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        source_in(tmp_path, texts={**TEXTS, name: TEXTS[name].replace(old, new)}).split()


def test_the_real_lists(shared_data: Path, tmp_path: Path) -> None:
    rows = pq.read_table(shared_data / "labels" / "nrpdb_go.parquet").to_pylist()
    names_of = {"train": {"train"}, "valid": {"valid", "validation"}, "test": {"test"}}
    part = {name: [row for row in rows if row["split"] in names] for name, names in names_of.items()}
    levels = (30, 40, 50, 70, 95)
    table = "\n".join(
        ",".join([row["chain"], *(str(int(bool(row[f"test_at_{level}pct"]))) for level in levels)])
        for row in part["test"]
    )
    # The annotation is too large to be at hand: every chain gets the one term of a made table.
    annotation = TEXTS["nrPDB-GO_annot.tsv"].splitlines()[:14]
    texts = {
        "nrPDB-GO_train.txt": "\n".join(row["chain"] for row in part["train"]),
        "nrPDB-GO_valid.txt": "\n".join(row["chain"] for row in part["valid"]),
        "nrPDB-GO_test.txt": "PDB-chain,<30%,<40%,<50%,<70%,<95%\n" + table,
        "nrPDB-GO_annot.tsv": "\n".join([*annotation, *(f"{row['chain']}\tGO:1\t\t" for row in rows)]),
    }
    split = source_in(tmp_path, texts=texts).split()
    assert (len(split.train), len(split.validation), len(split.test)) == (29902, 3323, 3416)
    fewer = source_in(tmp_path, identity=30, texts=texts).split()
    assert set(fewer.test) < set(split.test)
    assert fewer.train == split.train
