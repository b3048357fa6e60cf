"""`protea properties check-maps` prints the figures of the library."""

from pathlib import Path

from tests.applications.properties.made_properties import made_sequences
from tests.cli.command import protea, protea_json
from tests.predict.made_predictor import saved


def test_figures_and_wrong_names(tmp_path: Path) -> None:
    saved(tmp_path / "predictor")
    lines = [f">p{row}\n{sequence[:20]}\n" for row, sequence in enumerate(made_sequences(4, seed=9))]
    (tmp_path / "some.fasta").write_text("".join(lines))
    words = (tmp_path / "some.fasta", "--predictor", tmp_path / "predictor", "--proteins", "3")
    rows = protea_json("properties", "check-maps", "soluble", *words)
    assert [row["check"] for row in rows][-2:] == ["deletion gain", "insertion gain"]
    assert {row["proteins"] for row in rows} == {3}
    wrong = protea("properties", "check-maps", "luck", *words)
    assert (wrong.code, wrong.out) == (2, "")
    assert "no property 'luck'" in wrong.err
