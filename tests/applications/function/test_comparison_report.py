"""The page and the JSON hold the figures of the comparison, and say what they cannot be compared with."""

import json
from pathlib import Path

import pytest

from protea.applications.function.comparison import FunctionComparison, compare_function
from protea.applications.function.comparison_report import judgement_rows, write_comparison
from protea.applications.function.evaluation import ALL
from tests.applications.function.made_chains import made_config, write_tables


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> FunctionComparison:
    folder = tmp_path_factory.mktemp("reported")
    write_tables(folder)
    return compare_function(made_config(epochs=1), folder)


def test_page_and_json(compared: FunctionComparison, tmp_path: Path) -> None:
    write_comparison(compared, tmp_path / "out", "protea function compare a.yaml")
    page, tree = (tmp_path / "out" / "made.md").read_text(), json.loads((tmp_path / "out" / "made.json").read_text())
    assert "Made by `protea function compare a.yaml`." in page
    assert "train 12 of 18, validation 6 of 6, test 12 of 12" in page
    assert "not comparable with published ones" in page
    assert "| answer | before | after |" in page
    assert "listed < 30 % (6 chains): 0 < 30 %, 0 < 40 %, 0 < 50 %, 0 < 70 %, 6 < 95 %" in page
    assert "1 classes on 1 test chains have axioms and no annotation" in page
    rows = judgement_rows(compared.judged["votes"], ["fmax", "auprc_protein", "no such"], ALL)
    assert f"| votes | {rows[0]} | {rows[1]} |" in page
    assert " to " in rows[0]
    assert " to " not in rows[1]  # no interval was asked for
    assert rows[2] == ""
    figure = next(one for one in tree["judged"]["votes"] if (one["band"], one["metric"]) == (ALL, "fmax"))
    assert f"{figure['estimate']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})" == rows[0]
    assert tree["violations"]["axioms, K = 1"]["after"] == 0
