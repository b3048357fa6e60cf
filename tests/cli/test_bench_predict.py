"""`protea bench predict`: tables on stdout or in a file, structures in a folder."""

import csv
import io
import json
from pathlib import Path

from protea.datasets.stored_embeddings import read_embeddings
from protea.features.residue.stored_embedding import EmbeddingConfig
from protea.protein.readers.read import read_protein
from tests.benchmark.made_runs import SITE, write_complexes, write_run
from tests.cli.command import protea, protea_json


def test_csv_json_and_structures_say_the_same(tmp_path: Path) -> None:
    data, run = write_complexes(tmp_path / "data", ("1ABC",)), write_run(tmp_path / "run")
    files = [data / "1ABC" / "1ABC_l_u.pdb", data / "1ABC" / "1ABC_r_u.pdb"]
    shown = protea("bench", "predict", *files, "--run", run)
    assert shown.code == 0
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    assert len(rows) == 18
    as_json = protea_json("bench", "predict", *files, "--run", run, "--structures", tmp_path / "out")
    assert [float(row["interface"]) for row in rows] == [row["interface"] for row in as_json]
    assert {row["file"] for row in as_json} == {str(file) for file in files}
    back = read_protein(tmp_path / "out" / "1ABC_l_u.cif")
    assert back.b_factor is not None
    assert abs(float(back.b_factor[0]) - as_json[0]["interface"]) < 1e-6
    for name in ("table.csv", "table.json"):
        found = protea("bench", "predict", *files, "--run", run, "--out", tmp_path / name)
        assert (found.code, found.out) == (0, "")
    assert (tmp_path / "table.csv").read_text() == shown.out
    assert json.loads((tmp_path / "table.json").read_text()) == as_json


def test_a_dry_run_says_what_it_would_do(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run")
    found = protea("bench", "predict", "a.pdb", "--run", run, "--dry-run")
    assert found.code == 0
    assert "interface per residue of 1 files" in found.out
    assert protea_json("bench", "predict", "a.pdb", "--run", run, "--dry-run") == {
        "objective": "interface", "level": "residue", "files": ["a.pdb"]
    }  # fmt: skip


def test_wrong_input_is_2(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run")
    assert "cannot be opened" in protea("bench", "predict", tmp_path / "absent.pdb", "--run", run).err
    assert "run.yaml" in protea("bench", "predict", "a.pdb", "--run", tmp_path).err
    assert ".csv or .json" in protea("bench", "predict", "a.pdb", "--run", run, "--out", "a.txt").err
    assert protea("bench", "predict", "a.pdb", "--run", run, "--objective", "luck").code == 2
    assert protea("bench", "predict", "a.pdb", "--run", run, "--structure-format", "xyz").code == 2


def test_no_structure_replaces_another(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run")
    data, other = (write_complexes(tmp_path / name, ("1ABC",)) for name in ("data", "other"))
    files = [folder / "1ABC" / "1ABC_l_u.pdb" for folder in (data, other)]
    found = protea("bench", "predict", *files, "--run", run, "--structures", tmp_path / "out")
    assert found.code == 2
    assert "1ABC_l_u" in found.err
    assert not (tmp_path / "out").exists()
    assert protea("bench", "predict", *files, "--run", run).code == 0
    copy = files[0].with_name("1ABC_l_u.model2.pdb")
    copy.write_bytes(files[0].read_bytes())
    assert protea("bench", "predict", files[0], copy, "--run", run, "--structures", tmp_path / "out").code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["1ABC_l_u.cif", "1ABC_l_u.model2.cif"]


def test_a_run_that_reads_embeddings_asks_for_those_of_new_files(tmp_path: Path) -> None:
    """From end to end: one run embeds, another reads what it wrote, at the first files and at new ones."""
    file = write_complexes(tmp_path / "data", ("1ABC",)) / "1ABC" / "1ABC_l_u.pdb"
    new = tmp_path / "new" / "of_mine.pdb"
    new.parent.mkdir()
    new.write_bytes(file.read_bytes())
    maker = write_run(tmp_path / "maker")
    for name, path in (("old", file), ("mine", new)):
        assert protea("embed", path, "--run", maker, "--out", tmp_path / name).code == 0
    made_by = read_embeddings(tmp_path / "old").made_by
    embedding = EmbeddingConfig(folder=tmp_path / "old", name="schnet", dim=8, made_by=made_by)
    model = SITE.model_copy(update={"scheme": SITE.scheme.model_copy(update={"embedding": embedding})})
    run = write_run(tmp_path / "run", model)
    expected = [row["interface"] for row in protea_json("bench", "predict", file, "--run", run)]
    refused = protea("bench", "predict", new, "--run", run)
    assert refused.code == 2
    assert "of_mine" in refused.err
    assert "Embed these proteins first" in refused.err
    found = protea_json("bench", "predict", new, "--run", run, "--embeddings", tmp_path / "mine")
    assert [row["interface"] for row in found] == expected
    assert protea("bench", "predict", new, "--run", maker, "--embeddings", tmp_path / "mine").code == 2
