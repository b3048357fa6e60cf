"""`protea prompts list`."""

from pathlib import Path

from tests.benchmark.made_runs import write_run
from tests.cli.command import protea, protea_json
from tests.cli.prompt_runs import injected_run


def test_prompts_are_listed_with_what_trained_them(tmp_path: Path) -> None:
    run = injected_run(tmp_path)
    shown = protea("prompts", "list", run)
    assert shown.code == 0, shown.err
    assert "ic: from normal" in shown.out
    assert "pairs: pair_interaction on network" in shown.out
    found = protea_json("prompts", "list", run)
    assert [record["name"] for record in found] == ["seq", "ic"]
    assert found[1]["steps"] == 3


def test_a_run_without_prompts_is_2(tmp_path: Path) -> None:
    found = protea("prompts", "list", write_run(tmp_path / "run"))
    assert found.code == 2
    assert "no prompts" in found.err
