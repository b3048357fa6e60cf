"""`protea predict`: a FASTA file becomes a table and a page that say the same."""

import csv
import json
import re
from pathlib import Path

import pytest

from protea.applications.interactions.pair_predictor import save_predictor
from protea.predict.chains import chains_of
from protea.protein.writers.mmcif import write_mmcif
from tests.applications.function.made_run import made_function_run
from tests.applications.interactions.made_predictor import made_predictor as made_interactions
from tests.applications.properties.made_properties import made_sequences
from tests.benchmark.made_runs import write_complexes, write_run
from tests.cli.command import protea, protea_json
from tests.predict.made_chains import made_chain
from tests.predict.made_predictor import saved


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("predict")
    saved(folder / "predictor")
    lines = [f">p{row} of nobody\n{sequence}\n" for row, sequence in enumerate(made_sequences(3, seed=9))]
    (folder / "some.fasta").write_text("".join(lines))
    return folder


def test_table_and_page_say_the_same(folder: Path) -> None:
    words = (folder / "some.fasta", "--predictor", folder / "predictor", "--out", folder / "some.csv")
    told = protea_json("predict", *words, "--report", folder / "some.html", "--residues", folder / "residues.json")
    assert told["proteins"] == 3
    with (folder / "some.csv").open() as file:
        rows = list(csv.DictReader(file))
    page = (folder / "some.html").read_text()
    values = re.findall(r'data-property="(\w+)" data-value="([^"]+)"', page)
    assert values == [(row["property"], row["value"]) for row in rows]
    assert len(rows) == 3 * 4
    residues = json.loads((folder / "residues.json").read_text())
    assert "".join(row["letter"] for row in residues) == "".join(made_sequences(3, seed=9))
    assert "trained on 40 sequences" in page


def test_a_bad_record_costs_no_other_its_answer(folder: Path, tmp_path: Path) -> None:
    text = (folder / "some.fasta").read_text()
    (tmp_path / "bad.fasta").write_text(f">odd\nMK1\n{text}>p0\nMKV\n")
    words = ("predict", tmp_path / "bad.fasta", "--predictor", folder / "predictor", "--out", tmp_path / "a.csv")
    found = protea(*words, "--report", tmp_path / "a.html", "--json")
    assert found.code == 1
    told = json.loads(found.out)
    assert (told["proteins"], [one["name"] for one in told["refused"]]) == (3, ["bad.fasta: odd, line 1", "p0"])
    assert "refused bad.fasta: odd, line 1: " in found.err
    assert "2 records or files were refused and not answered: bad.fasta: odd" in (tmp_path / "a.html").read_text()
    clean = ("predict", folder / "some.fasta", "--predictor", folder / "predictor", "--out", tmp_path / "b.csv")
    assert protea(*clean).code == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_terms_of_function_join_table_and_page(folder: Path, tmp_path: Path) -> None:
    words = (folder / "some.fasta", "--predictor", folder / "predictor", "--out", tmp_path / "some.csv")
    run = made_function_run(tmp_path / "run")
    assert protea("predict", *words, "--function", run, "--report", tmp_path / "some.html").code == 0
    with (tmp_path / "some.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["property"] == "function"]
    page = (tmp_path / "some.html").read_text()
    told = re.findall(r'data-term="([^"]+)" data-score="([^"]+)"', page)
    assert told == [(row["predicted"], row["value"]) for row in rows]
    assert {row["id"] for row in rows} == {"p0", "p1", "p2"}
    assert protea("predict", *words, "--function", tmp_path / "none").code == 2


def test_partners_join_table_and_page(folder: Path, tmp_path: Path) -> None:
    words = (folder / "some.fasta", "--predictor", folder / "predictor", "--out", tmp_path / "some.csv")
    save_predictor(made_interactions(), tmp_path / "run")
    run = ("--interactions", tmp_path / "run")
    assert protea("predict", *words, *run, "--num-partners", "1", "--report", tmp_path / "some.html").code == 0
    with (tmp_path / "some.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["property"] == "interaction"]
    page = (tmp_path / "some.html").read_text()
    told = re.findall(r'data-partner="([^"]+)" data-score="([^"]+)"', page)
    assert told == [(row["predicted"], row["value"]) for row in rows]
    assert [row["id"] for row in rows] == ["p0", "p1", "p2"]
    assert all(row["id"] != row["predicted"] for row in rows)
    assert "no calibrated probability" in page
    lone = tmp_path / "lone.fasta"
    lone.write_text(">q\nMKVLAAGI\n")
    assert protea("predict", *words, *run, "--partners", lone).code == 0
    with (tmp_path / "some.csv").open() as file:
        assert [row["predicted"] for row in csv.DictReader(file) if row["property"] == "interaction"] == ["q"] * 3
    assert "no model of pairs" in protea("predict", *words, "--interactions", tmp_path).err
    for option in (("--partners", lone), ("--num-partners", "3")):
        assert "--interactions RUN" in protea("predict", *words, *option).err
        assert "two ways to predict" in protea("predict", *words[:1], "--run", tmp_path, *option).err
    assert "only the asked protein itself" in protea("predict", lone, *words[1:], *run).err


def test_structures_attributions_and_scans(folder: Path, tmp_path: Path) -> None:
    (chain,) = chains_of(made_chain(unobserved=(0, 20)))
    write_mmcif(chain.select_residues(chain.ca()[1]), tmp_path / "one.cif")
    words = (tmp_path / "one.cif", "--predictor", folder / "predictor", "--out", tmp_path / "one.csv")
    found = protea("predict", *words, "--report", tmp_path / "page.html", "--attribution", "--scan", "soluble")
    assert found.code == 0
    page = (tmp_path / "page.html").read_text()
    assert "53 of 55 residues have coordinates" in page
    assert "The bars add up to the difference within" in page
    with (tmp_path / "one_scan.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 19 * len(chain)
    assert (rows[0]["author_number"], rows[19]["author_number"]) == ("", "12")
    best = max(rows, key=lambda row: float(row["change"]))
    assert f'<th scope="row">{best["wild_type"]}{best["position"]}{best["mutant"]}</th>' in page


def test_a_chain_that_is_asked_about_in_part_is_told_everywhere(folder: Path, tmp_path: Path) -> None:
    write_mmcif(made_chain().replace(seqres=("W" * 60,)), tmp_path / "one.cif")
    words = ("predict", tmp_path / "one.cif", "--predictor", folder / "predictor", "--out", tmp_path / "one.csv")
    found = protea(*words, "--report", tmp_path / "page.html", "--json")
    assert found.code == 0
    ((name, remark),) = (one.values() for one in json.loads(found.out)["remarks"])
    assert (name, "SEQRES tells 60" in remark) == ("one", True)
    assert f"one: {remark}" in found.err
    assert remark in (tmp_path / "page.html").read_text()


def test_repairs_of_records_are_told_once_per_kind_and_on_the_page(folder: Path, tmp_path: Path) -> None:
    letters = "MKVLAAGIVGLLLAQWERTY"
    records = [("whole", letters), ("gap", f"{letters[:5]}--{letters[5:]}")]
    records += [(f"small{number}", letters.lower()) for number in range(5)]
    (tmp_path / "some.fasta").write_text("".join(f">{name}\n{text}\n" for name, text in records))
    words = ("predict", tmp_path / "some.fasta", "--predictor", folder / "predictor", "--out", tmp_path / "one.csv")
    found = protea(*words, "--report", tmp_path / "page.html", "--json")
    assert found.code == 0
    lower = "Read with repairs: lower case letters read as capital."
    assert f"small0, small1, small2 and 2 others: {lower}" in found.err
    assert "gap: Read with repairs: gaps removed." in found.err
    assert found.err.count("Read with repairs") == 2
    assert [one["name"] for one in json.loads(found.out)["remarks"]] == [name for name, _ in records[1:]]
    assert (tmp_path / "page.html").read_text().count(lower) == 5


def test_what_cannot_be_done_is_said_before_the_work(folder: Path, tmp_path: Path) -> None:
    words = ("predict", folder / "some.fasta", "--predictor", folder / "predictor", "--out", tmp_path / "a.csv")
    assert "--report PAGE" in protea(*words, "--attribution").err
    assert "no property 'luck'" in protea(*words, "--scan", "luck").err
    assert not list(tmp_path.iterdir())


def test_wrong_input_is_2(folder: Path, tmp_path: Path) -> None:
    assert "predictor.json" in protea("predict", folder / "some.fasta", "--predictor", tmp_path).err
    absent = protea("predict", tmp_path / "absent.fasta", "--predictor", folder / "predictor")
    assert (absent.code, absent.out) == (2, "")
    wrong = protea("predict", folder / "some.fasta", "--predictor", folder / "predictor", "--out", tmp_path / "a.xls")
    assert ".parquet" in wrong.err


def test_a_run_answers_as_bench_predict_does(tmp_path: Path) -> None:
    data, run = write_complexes(tmp_path / "data", ("1ABC",)), write_run(tmp_path / "run")
    words = (data / "1ABC" / "1ABC_l_u.pdb", "--run", run)
    assert protea("predict", *words).out == protea("bench", "predict", *words).out != ""
    rows = protea_json("predict", *words, "--structures", tmp_path / "out", "--structure-format", "pdb")
    assert rows == protea_json("bench", "predict", *words)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["1ABC_l_u.pdb"]
    assert "two ways to predict" in protea("predict", *words, "--report", tmp_path / "a.html").err
    assert protea("predict", words[0], "--structures", tmp_path / "out").code == 2


def test_a_machine_that_comes_late_writes_nothing_anew(folder: Path, tmp_path: Path) -> None:
    words = (
        "predict",
        folder / "some.fasta",
        "--predictor",
        folder / "predictor",
        "--out",
        tmp_path / "a.csv",
        "--shared",
    )
    assert protea_json(*words, "--report", tmp_path / "a.html")["proteins"] == 3
    (tmp_path / "a.html").unlink()
    before = (tmp_path / "a.csv").stat().st_mtime_ns
    assert protea_json(*words, "--report", tmp_path / "a.html")["proteins"] == 3
    assert not (tmp_path / "a.html").exists()
    assert (tmp_path / "a.csv").stat().st_mtime_ns == before


def test_no_output_takes_the_place_of_another(folder: Path, tmp_path: Path) -> None:
    words = ("predict", folder / "some.fasta", "--predictor", folder / "predictor", "--out", tmp_path / "a.csv")
    for more in (
        ("--residues", tmp_path / "a.csv"), ("--report", tmp_path / "a.csv"), ("--report", folder / "some.fasta"),
        ("--report", tmp_path), ("--scan", "lysines", "--scan-out", tmp_path / "a.csv"),
        ("--report", folder / "some.fasta" / "a.html"),
    ):  # fmt: skip
        assert protea(*words, *more).code == 2
    assert list(tmp_path.iterdir()) == []  # refused before the work
    assert (folder / "some.fasta").read_text().startswith(">")


def test_a_table_that_nobody_named_takes_the_place_of_no_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (folder / "some.fasta").read_text()
    for name in ("mine.v1.fasta", "mine.v2.fasta"):
        Path(name).write_text(text)
    Path("mine.csv").write_text("kept")
    words = ("--predictor", folder / "predictor")
    assert protea_json("predict", "mine.v1.fasta", *words)["table"] == "mine.v1.csv"
    assert protea_json("predict", "mine.v2.fasta", *words)["table"] == "mine.v2.csv"
    assert Path("mine.csv").read_text() == "kept"
    first = Path("mine.v1.csv").read_bytes()
    again = protea("predict", "mine.v1.fasta", *words)
    assert (again.code, "there is a file already" in again.err, "--out" in again.err) == (2, True, True)
    Path("mine.v1.csv").write_text("named")
    assert protea("predict", "mine.v1.fasta", *words, "--out", "mine.v1.csv").code == 0
    assert Path("mine.v1.csv").read_bytes() == first


def test_a_run_whose_parts_are_there_goes_on_to_its_own_table(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("predict", folder / "some.fasta", "--predictor", folder / "predictor", "--shared")
    for _ in range(2):  # shared parts stay, as those of a run that was cut short do
        assert protea_json(*words)["table"] == "some.csv"
