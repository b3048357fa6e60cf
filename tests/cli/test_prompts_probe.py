"""`protea prompts probe`."""

from pathlib import Path

import yaml

from tests.applications.prompts.test_probe import config
from tests.cli.command import protea, protea_json
from tests.cli.prompt_runs import injected_run


def test_every_set_is_probed(tmp_path: Path) -> None:
    run, file = injected_run(tmp_path), tmp_path / "probe.yaml"
    file.write_text(yaml.safe_dump(config(tmp_path / "new").model_dump(mode="json")))
    words = ("prompts", "probe", file, "--run", run, "--cache", tmp_path / "cache")
    shown = protea(*words)
    assert shown.code == 0, shown.err
    assert "ic: auroc" in shown.out
    assert "to none" in shown.out
    found = protea_json(*words)
    assert [row["condition"] for row in found["rows"]] == ["none", "seq", "ic", "all"]
