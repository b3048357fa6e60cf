"""`protea weights verify`: whether weights are the published ones, and fit their model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from protea.cli.exit_codes import ExitCode
from protea.cli.language_options import LanguageModelOption, language_model_config
from protea.cli.options import CacheOption, JsonOption, SetOption
from protea.cli.printing import print_json, print_table, stdout_console
from protea.cli.weights_fetch import OriginalOption

if TYPE_CHECKING:
    from protea.encoders.weights.verifying import WeightsCheck

__all__ = ["verify_named"]


def verify_named(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names, or files with --model; all that are here if none is given.")
    ] = None,
    original: OriginalOption = False,
    model: LanguageModelOption = None,
    overrides: SetOption = None,
    cache: CacheOption = None,
    json: JsonOption = False,
) -> None:
    """Read every byte of weights: size and SHA-256 against the published ones, keys and shapes against the model.

    Exit codes: 0 all is right, as far as its publisher states it; 1 a file is absent, damaged or another, or a key does
    not fit; 2 a name is unknown.
    """
    checks = _checks(names, original, model, overrides, cache)
    if json:
        print_json([_tree(check) for check in checks])
    else:
        _print(checks)
    if not all(check.is_fine for check in checks):
        raise typer.Exit(int(ExitCode.CHECK_FAILED))


def _checks(
    names: list[str] | None, original: bool, model: str | None, overrides: list[str] | None, cache: Path | None
) -> "list[WeightsCheck]":
    from protea.encoders.weights.manifest import entry_of, manifest
    from protea.encoders.weights.places import folder_of
    from protea.encoders.weights.verifying import verify_entry, verify_path
    from protea.errors import InputError, describe

    if model is not None:
        config = language_model_config(model, overrides)
        return [verify_path(Path(name), config) for name in names or []]
    if overrides:
        raise InputError(describe("settings without a model", where="--set", expected="--model as well"))
    if names:
        return [verify_entry(entry_of(name), cache, is_original=original) for name in names]
    return [
        verify_entry(entry, cache, is_original=is_original)
        for entry in manifest().values()
        for is_original in ((False, True) if entry.original_files else (False,))
        if folder_of(entry, cache, is_original=is_original).is_dir()
    ]


def _tree(check: "WeightsCheck") -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(check) | {"is_fine": check.is_fine}


def _print(checks: "list[WeightsCheck]") -> None:
    rows = [
        (check.name, file.name, file.verdict, "" if file.size is None else f"{file.size:,}", file.expected or "")
        for check in checks
        for file in check.files
    ]
    if rows:
        print_table(("weights", "file", "bytes are", "size", "expected"), rows, numbers=frozenset({"size"}))
    console = stdout_console()
    for check in checks:
        console.print(f"{check.name}: keys: {check.keys}", markup=False, highlight=False)
