"""What all sources share: refusing, counting, digests."""

from pathlib import Path

import pytest

from protea.datasets.sources.interface import SourceReport, file_digest, refuse
from protea.errors import FileFormatError, InputError


def test_without_a_report_a_refusal_raises() -> None:
    with pytest.raises(FileFormatError, match="broken"):
        refuse(None, "a.pdb", FileFormatError("broken"))


def test_with_a_report_it_is_named() -> None:
    report = SourceReport()
    refuse(report, "a.pdb", FileFormatError("broken"))
    assert report.refused == {"a.pdb": "broken"}
    with pytest.raises(FileFormatError, match="refused twice"):
        refuse(report, "a.pdb", FileFormatError("broken"))
    report.count("residues", 5)
    report.count("residues", 2)
    assert "- residues: 7" in report.to_markdown()
    assert "`a.pdb`: broken" in report.to_markdown()


def test_a_digest_sees_names_and_bytes_but_not_the_place(tmp_path: Path) -> None:
    for name, files in {"one": {"a": "1", "b/c": "2"}, "two": {"a": "1", "b/c": "2"}, "three": {"a": "1", "b/d": "2"},
                        "four": {"a": "1", "b/c": "3"}}.items():  # fmt: skip
        for file, text in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_text(text)
    found = {name: file_digest(tmp_path / name) for name in ("one", "two", "three", "four")}
    assert found["one"] == found["two"]
    assert len(set(found.values())) == 3
    with pytest.raises(InputError, match="no such file"):
        file_digest(tmp_path / "five")
