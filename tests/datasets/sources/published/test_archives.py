"""Texts and domains inside archives, and what is missing from them."""

from pathlib import Path

import pytest

from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.archives import archived_domains, lines_of, text_in_archive
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import domain_archive, zipped


def test_texts_are_found_in_any_folder_and_litter_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"one.txt": "1", "two.txt": "2"}))
    assert text_in_archive(path, ("two.txt", "one.txt")) == {"one.txt": "1", "two.txt": "2"}
    with pytest.raises(FileFormatError, match=r"no member \['three.txt'\]"):
        text_in_archive(path, ("one.txt", "three.txt"))


def test_lines_without_blanks_and_only_of_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(" x \n\n y\r\n")
    assert lines_of(tmp_path / "a") == ["x", "y"]
    (tmp_path / "b").write_bytes(b"\xff\xfe")
    with pytest.raises(FileFormatError, match="not a text file"):
        lines_of(tmp_path / "b")


def test_domains_all_or_wanted_and_the_missing_are_named(tmp_path: Path) -> None:
    path = tmp_path / "p.tgz"
    path.write_bytes(domain_archive("d1aaaa_ d1bbbb_ d1cccc_", "pdbstyle"))
    assert [protein.id for protein in archived_domains(path, None)] == ["d1aaaa_", "d1bbbb_", "d1cccc_"]
    report = SourceReport()
    found = list(archived_domains(path, report, wanted={"d1cccc_", "d9none_"}))
    assert [protein.id for protein in found] == ["d1cccc_"]
    assert list(report.refused) == ["d9none_"]
    assert report.num_proteins == 1
