"""`protea prompts ablate`."""

from pathlib import Path

from tests.cli.command import protea, protea_json
from tests.cli.prompt_runs import injected_run


def test_the_table_is_printed_and_written(tmp_path: Path) -> None:
    run = injected_run(tmp_path)
    words = ("prompts", "ablate", run, "--cache", tmp_path / "cache", "--resamples", "5", "--task", "pairs")
    shown = protea(*words, "--out", tmp_path / "out")
    assert shown.code == 0, shown.err
    assert "| seq | wrong |" in shown.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "ablation.csv", "ablation.json", "ablation.md",
    ]  # fmt: skip
    found = protea_json(*words)
    assert {row["condition"] for row in found["summary"]} == {"none", "seq", "ic", "all"}
    assert protea("prompts", "ablate", run, "--cache", tmp_path / "cache", "--task", "other").code == 2
