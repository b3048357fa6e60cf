"""`protea data split`: train, validation and test parts of a store."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import DryRunOption, JsonOption, SetOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, print_table

__all__ = ["split"]


def split(
    store: Annotated[Path, typer.Argument(help="Folder of a store.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the split files.")],
    method: Annotated[str, typer.Option(help="random, identity, group or k_fold.")] = "identity",
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 0,
    min_identity: Annotated[float, typer.Option(help="Identity at which two chains join one family.")] = 0.3,
    folds: Annotated[int, typer.Option(help="Number of folds of k_fold.")] = 5,
    groups: Annotated[Path | None, typer.Option(help="CSV with the columns id and group.")] = None,
    overrides: SetOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Split the proteins of a store into random.json, identity.json or group.json, or fold-0.json and so on for k_fold.

    Families (connected components of similar chains) or groups stay in one part. `--set fractions=[0.7,0.15,0.15]`
    changes the shares. A split that is there is not replaced by another. Judge a split with `protea data leakage`.

    Exit codes: 0 done; 2 wrong settings, no such store, a table that does not name every protein, or another split in
    the place of this one.
    """
    from protea.config import apply_overrides, parse_config
    from protea.datasets.split_plan import SplitConfig, plan_splits, save_splits
    from protea.datasets.splits import PARTS
    from protea.datasets.store import Store

    require_folder("--out", out)
    tree = {"method": method, "seed": seed, "min_identity": min_identity, "folds": folds,
            "groups": None if groups is None else str(groups)}  # fmt: skip
    config = parse_config(SplitConfig, apply_overrides(tree, overrides or []), where="protea data split")
    found = plan_splits(Store(store), config)
    if not dry_run:
        save_splits(found, out)
    sizes = [{part: len(getattr(item, part)) for part in PARTS} for item in found]
    if json:
        files = [None if dry_run else str(out / f"{item.name}.json") for item in found]
        print_json(
            [{"name": item.name, "file": file, **size} for item, file, size in zip(found, files, sizes, strict=True)]
        )
        return
    rows = [(item.name, *(str(size[part]) for part in PARTS)) for item, size in zip(found, sizes, strict=True)]
    print_table(("split", *PARTS), rows, numbers=frozenset(PARTS))
