"""A small injection as a file, and its run."""

from pathlib import Path

import yaml

from tests.applications.prompts.made_injections import injection
from tests.cli.command import protea_json

__all__ = ["injected_run", "write_injection"]

SHORT = {"epochs": 1, "learning_rate": 1e-2, "batch": {"max_proteins": 24}}


def write_injection(folder: Path) -> Path:
    """The YAML file of one epoch."""
    tree = injection(folder / "data", training=SHORT).model_dump(mode="json")
    file = folder / "inject.yaml"
    file.write_text(yaml.safe_dump(tree, sort_keys=False))
    return file


def injected_run(folder: Path) -> Path:
    """The folder of the run that the command writes."""
    protea_json("prompts", "inject", write_injection(folder), "--out", folder / "run", "--cache", folder / "cache")
    return folder / "run"
