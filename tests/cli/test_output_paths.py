"""No file that is asked for takes the place of another one, or of what is read."""

from pathlib import Path

import pytest

import protea.cli
from protea.cli.output_paths import require_apart, require_folder
from protea.errors import ConfigError
from tests.cli.command import protea as run_protea


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


def test_a_folder_of_outputs_is_none_of_what_is_read(tmp_path: Path) -> None:
    require_folder("--out", None)
    require_folder("--out", tmp_path / "new", [tmp_path / "assays.csv"], ["assays.csv"])
    with pytest.raises(ConfigError, match="a folder that is read would be written into"):
        require_folder("--out", tmp_path / "new" / "..", [tmp_path])
    with pytest.raises(ConfigError, match=r"assays\.csv of --out.*a file that is read would be written over"):
        require_folder("--out", tmp_path, [tmp_path / "assays.csv"], ["summary.csv", "assays.csv"])


# Words of commands, with @ before a file that would be written over. Weights and runs are absent: a command that looks
# for them first says so.
OVER_INPUTS = (
    "bench predict @in.csv --run absent --out @in.csv",
    "bench predict @in.cif --run absent --structures .",
    "explain @in.cif --run absent --out .",
    "function predict @in.csv --run absent --out @in.csv",
    "interactions fit @config.yaml --data . --out .",
    "interactions predict absent @in --out @in",
    "interactions predict absent absent.fasta --pairs @in --out @in",
    "interactions screen absent @pairs.csv --out .",
    "predict @in --out @in",
    "properties acquire @in --data . --out @in",
    "properties antisymmetry --data . --given @in.csv --out @in.md",
    "properties baselines --data . --only @in --out @in",
    "properties few-shot @in.csv --data . --out @in.md",
    "sequence fit-contacts @in --weights absent --out @in",
    "sequence fit-contacts absent.cif --test @in --weights absent --out @in",
    "sequence perplexity @in --weights absent --out @in",
    "variants evaluate absent.csv --assays @assays.csv --out .",
    "variants intervals @in --data . --out @in",
    "variants predict absent @in.csv --out @in.csv",
    "variants predict absent --scores @in.csv --out @in.csv",
    "variants predict absent --wild-type @in.json --out @in.csv",
    "variants scan --wild-type @scan.csv --weights absent --out .",
    "variants score @in.csv --wild-type MKV --weights absent --out @in.csv",
    "variants score absent.csv --wild-type @in.csv --weights absent --out @in.csv",
    "variants score absent.csv --wild-type MKV --structure @in.json --weights absent --out @in.csv",
    "visualise . --labels @in --out @in",
    "weights convert @in.safetensors @in.safetensors --overwrite",
    "weights export . @best.safetensors",
)


@pytest.mark.parametrize("words", OVER_INPUTS)
def test_no_command_writes_over_what_it_reads(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kept = {word.removeprefix("@") for word in words.split() if word.startswith("@")}
    for name in kept:
        Path(name).write_text("kept")
    found = run_protea(*words.replace("@", "").split())
    assert (found.code, "would be written over" in found.err) == (2, True), found.err
    assert {path.name for path in tmp_path.iterdir()} == kept
    assert all(Path(name).read_text() == "kept" for name in kept)


@pytest.mark.parametrize(
    "words",
    [
        "data build source --out source", "embed source --weights absent --model esm2 --out source",
        "sequence store-contacts source --weights absent --out source",
    ],
)  # fmt: skip
def test_no_command_fills_the_folder_that_it_reads(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("source").mkdir()
    found = run_protea(*words.split())
    assert (found.code, "would be written into" in found.err) == (2, True), found.err
    assert not list(Path("source").iterdir())


def test_every_command_that_writes_asks_before_the_work() -> None:
    files = [path for path in Path(protea.cli.__file__).parent.glob("*.py") if path.name != "language_options.py"]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    options = ('"--out"', "the .safetensors file that is written")
    writing = {name for name, text in texts.items() if any(option.lower() in text.lower() for option in options)}
    handed_on = {"finetune.py", "pretrain.py"}  # `train_and_tell` asks for them
    assert len(writing) > 40
    asking = {name for name, text in texts.items() if "from protea.cli.output_paths import" in text}
    assert not writing - asking - handed_on - {"output_paths.py"}
