"""No file that is asked for takes the place of another one, or of what is read."""

from pathlib import Path

import pytest

from protea.cli.output_paths import require_apart
from protea.errors import ConfigError


def test_files_apart_may_be_written(tmp_path: Path) -> None:
    (tmp_path / "old.csv").touch()
    require_apart({"--out": tmp_path / "old.csv", "--report": tmp_path / "a.html", "--scan-out": None}, [None])


def test_one_file_twice_is_refused(tmp_path: Path) -> None:
    twice = {"--out": tmp_path / "a.csv", "--residues": tmp_path / "b" / ".." / "a.csv"}
    with pytest.raises(ConfigError, match=r"--out and --residues: two outputs in one file"):
        require_apart(twice)


def test_what_is_read_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "some.fasta")
    for name in ("some.fasta", "link.csv"):
        with pytest.raises(ConfigError, match="a file that is read would be written over"):
            require_apart({"--report": tmp_path / name}, [tmp_path / "some.fasta"])


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a folder stands where a file is to be written"):
        require_apart({"--report": tmp_path})


def test_a_hard_link_is_the_file_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "some.fasta").write_text(">a\nMKV\n")
    (tmp_path / "twin.csv").hardlink_to(tmp_path / "some.fasta")
    with pytest.raises(ConfigError, match="a file that is read would be written over"):
        require_apart({"--out": tmp_path / "twin.csv"}, [tmp_path / "some.fasta"])


def test_letters_of_any_length_are_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    require_apart({"--out": tmp_path / "a.csv"}, ["MKV", "M" * 10_000])


def test_a_folder_that_cannot_be_made_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "old.csv").touch()
    require_apart({"--report": tmp_path / "new" / "folder" / "a.html"})
    for folder in ("old.csv", "old.csv/deeper"):
        with pytest.raises(ConfigError, match="a file stands where a folder is to be made"):
            require_apart({"--report": tmp_path / folder / "a.html"})
