"""`protea variants score`: a table in, the same table with scores out."""

import csv
import io
import json
from pathlib import Path

import pytest

from protea.applications.variants.mutations import parse_variant
from protea.applications.variants.zero_shot import ZeroShotScorer
from tests.cli.command import protea, protea_json
from tests.cli.language_weights import TINY, write_weights
from tests.encoders.language.tiny_models import tiny_esm2

WILD_TYPE = "MQIFVKTL"
NAMES = ("Q25A", "M24K:V28W", "WT")


def table(folder: Path, names: tuple[str, ...] = NAMES) -> Path:
    path = folder / "variants.csv"
    path.write_text("id,mutant\n" + "".join(f"{number},{name}\n" for number, name in enumerate(names)))
    return path


def words(tmp_path: Path, *names: str) -> tuple[str | Path, ...]:
    weights = write_weights(tmp_path / "w.safetensors")
    listed = table(tmp_path, names or NAMES)
    return ("variants", "score", listed, "--wild-type", WILD_TYPE, "--first-number", "24", "--weights", weights, *TINY)


def test_scores_are_those_of_the_library(tmp_path: Path) -> None:
    methods = ("masked_marginals", "joint_marginals", "likelihood_ratio")
    asked = [word for method in methods for word in ("--method", method)]
    found = protea(*words(tmp_path), *asked)
    assert found.code == 0, found.err
    rows = list(csv.DictReader(io.StringIO(found.out)))
    assert list(rows[0]) == ["id", "mutant", *methods]
    scorer = ZeroShotScorer([tiny_esm2()])
    variants = [parse_variant(name, WILD_TYPE, 24) for name in NAMES]
    for method in methods:
        expected = scorer.scores(WILD_TYPE, variants, method)  # type: ignore[arg-type]
        assert [float(row[method]) for row in rows] == pytest.approx(expected.tolist(), abs=1e-9)
    assert "masked_marginals: 3 variants of wild type, esm2, read whole" in found.err


def test_files_and_seeds(tmp_path: Path) -> None:
    other = write_weights(tmp_path / "other.safetensors", 1)
    out = tmp_path / "new" / "scores.csv"
    found = protea(*words(tmp_path), "--weights", other, "--out", out, "--prefix", "esm2_")
    assert (found.code, found.out) == (0, "")
    rows = list(csv.DictReader(out.read_text().splitlines()))
    scorer = ZeroShotScorer([tiny_esm2(0), tiny_esm2(1)])
    expected = scorer.scores(WILD_TYPE, [parse_variant("Q25A", WILD_TYPE, 24)], "masked_marginals")[0]
    assert float(rows[0]["esm2_masked_marginals"]) == pytest.approx(expected, abs=1e-9)
    facts = json.loads(out.with_suffix(".json").read_text())
    assert facts["windows"] == {"masked_marginals": "whole"}
    assert (facts["first_number"], facts["residues"], len(facts["weights_sha256"])) == (24, 8, 2)


def test_windows_are_said(tmp_path: Path) -> None:
    found = protea_json(*words(tmp_path), "--window", "centred", "--window-tokens", "6")
    assert found["windows"] == {"masked_marginals": "centred, 6 tokens"}
    assert len(found["scores"]["masked_marginals"]) == 3


def test_a_dry_run_reads_the_table_and_nothing_else(tmp_path: Path) -> None:
    found = protea_json(*words(tmp_path)[:-9], "absent.safetensors", "--dry-run")
    assert found == {"variants": 3, "wild_type": "wild type", "residues": 8, "methods": ["masked_marginals"]}


def test_wrong_input_is_2(tmp_path: Path) -> None:
    found = protea(*words(tmp_path, "Q25A", "Q26A"))
    assert (found.code, "variants.csv:3" in found.err) == (2, True)
    found = protea(*words(tmp_path, "Q25del"))
    assert (found.code, "likelihood_ratio" in found.err) == (2, True)
    found = protea(*words(tmp_path)[:-6])
    assert (found.code, "do not fit" in found.err) == (2, True)


def test_a_column_that_is_there_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("mutant,masked_marginals\nM1V,1\n")
    table, absent = tmp_path / "v.csv", tmp_path / "absent"
    asked = ("variants", "score", table, "--wild-type", "MKV", "--weights", absent, "--dry-run")
    found = protea(*asked)
    assert (found.code, "a column 'masked_marginals' already" in found.err) == (2, True)
    assert protea(*asked, "--prefix", "x_").code == 0


def test_the_table_is_csv_and_its_facts_replace_no_other_file(tmp_path: Path) -> None:
    asked = words(tmp_path)
    found = protea(*asked, "--out", tmp_path / "scores.json")
    assert (found.code, "NAME.csv" in found.err) == (2, True)
    out, beside = tmp_path / "scores.csv", tmp_path / "scores.json"
    for other in ('{"mine": 1}', '{"table": "other.csv"}', "no JSON"):
        beside.write_text(other)
        found = protea(*asked, "--out", out, "--weights", "absent")
        assert (found.code, "another file would be written over" in found.err) == (
            2,
            True,
        )  # before weights are looked for
        assert (out.exists(), beside.read_text()) == (False, other)
    beside.unlink()
    for _ in range(2):  # its own are written anew
        assert protea(*asked, "--out", out).code == 0
    assert json.loads(beside.read_text())["table"] == "scores.csv"
