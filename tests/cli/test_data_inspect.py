"""`protea data inspect`: a list with one entry per file and nothing else on stdout."""

from pathlib import Path

from tests.cli.command import protea, protea_json
from tests.datasets.sources.test_docking import pdb


def test_the_list_has_the_documented_form(tmp_path: Path) -> None:
    (tmp_path / "a.pdb").write_text(pdb("B", range(1, 4), (0, 0, 0)))
    assert protea_json("data", "inspect", tmp_path) == [
        {
            "file": str(tmp_path / "a.pdb"),
            "chains": [
                {"chain": "B", "residues": 3, "resolved_atoms": 3, "sequence": "GSL", "models": 1, "ligands": []}
            ],
        }
    ]
    (tmp_path / "b.pdb").write_text("nonsense")
    found = protea_json("data", "inspect", tmp_path, code=1)
    assert set(found[1]) == {"file", "error"}
    text = protea("data", "inspect", tmp_path)
    assert text.code == 1
    assert "refused" in text.out
    assert "GSL" in text.out
    assert protea("data", "inspect", tmp_path / "absent").code == 2
