"""Imports run one way only, as the contracts in `pyproject.toml` say."""

import tomllib
from typing import Any

import pytest
from importlinter.application.use_cases import SUCCESS, lint_imports
from importlinter.cli import lint_imports as _configures_the_linter  # noqa: F401 - its import sets the linter up

from tests.architecture.source_tree import REPOSITORY, top_packages

ORDER = (
    *("cli", "atlas", "predict", "applications", "benchmark", "training", "objectives", "diffusion"),
    *("encoders", "features", "datasets", "metrics", "protein", "geometry", "cluster", "config", "errors"),
)


def contracts() -> list[dict[str, Any]]:
    """The contracts of import-linter as `pyproject.toml` states them."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def layers() -> list[str]:
    """The layers, high to low, siblings side by side, brackets taken off."""
    lines = next(contract["layers"] for contract in contracts() if contract["type"] == "layers")
    return [name.strip().strip("()") for line in lines for name in line.split("|")]


def test_contracts_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(REPOSITORY)
    outcome = lint_imports(config_filename="pyproject.toml", cache_dir=None)
    assert outcome == SUCCESS, capsys.readouterr().out


def test_layers_are_exhaustive_and_in_the_order_of_the_design() -> None:
    assert next(contract for contract in contracts() if contract["type"] == "layers")["exhaustive"] is True
    assert layers() == [name for name in ORDER if name in layers()]
    assert not set(top_packages()) - set(layers()), "a package has no place in the order"


def test_structure_libraries_are_forbidden_everywhere_but_in_protein() -> None:
    contract = next(contract for contract in contracts() if "gemmi" in contract.get("forbidden_modules", []))
    others = {f"protea.{name}" for name in top_packages()} - {"protea.protein", "protea.config", "protea.errors"}
    assert not others - set(contract["source_modules"]), "add the package to the contract in pyproject.toml"
