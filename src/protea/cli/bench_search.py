"""`protea bench search`: settings of an encoder, searched on validation."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, SetOption, cache_folder
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say

if TYPE_CHECKING:
    from protea.benchmark.search.outcome import Outcome

__all__ = ["search"]


def search(
    suite: Annotated[str, typer.Argument(help="Name of a suite, or a YAML file of a grid.")],
    encoder: Annotated[list[str], typer.Option("--encoder", help="Name of an encoder of the grid. Repeatable.")],
    space: Annotated[Path, typer.Option("--space", help="YAML file of the settings and their ranges.")],
    trials: Annotated[int, typer.Option("--trials", min=1, help="Trainings of each encoder.")],
    profile: Annotated[
        str | None, typer.Option(help="Ready grid of the suite; needless where there is only one.")
    ] = None,
    scheme: Annotated[str | None, typer.Option(help="Feature scheme; the first of the grid if not given.")] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Epochs of each training; `search_epochs` of the grid if not given.")
    ] = None,
    sampler: Annotated[str, typer.Option(help="How trials are proposed: tpe or random.")] = "tpe",
    seed: Annotated[int, typer.Option(help="Seed of the proposals.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the comparison; `runs/search-<suite>` if not given.")
    ] = None,
    overrides: SetOption = None,
    cache: CacheOption = None,
    json: JsonOption = False,
) -> None:
    """Search settings on the validation part of the first fold; the test part is not read.

    All encoders of one folder get the same budget: another number of trials or epochs, other data or other settings of
    the training are refused. Stop it whenever you like: the same command goes on. Any number of machines run it on one
    folder. What was found lies in `found.yaml` of each encoder, as `--set` of `protea bench run` takes it.

    Exit codes: 0 done; 2 wrong configuration, another budget, or every trial failed; 3 Optuna is missing.
    """
    from protea.benchmark.named_grids import named_grid
    from protea.benchmark.runner import GridRun
    from protea.benchmark.search.budget import Budget, Row
    from protea.benchmark.search.space import SearchSpace
    from protea.benchmark.search.trials import Search
    from protea.config import load_config, parse_config

    grid = named_grid(suite, profile, overrides)
    folder = out or Path("runs") / f"search-{Path(suite).stem}"
    require_folder("--out", folder)
    tree = {"trials": trials, "epochs": epochs or grid.search_epochs, "sampler": sampler, "seed": seed}
    budget = parse_config(Budget, tree, where="--sampler")
    found = load_config(SearchSpace, space)
    run = GridRun(grid, folder, cache_folder(cache))
    rows = [Row(name, scheme or grid.schemes[0]) for name in encoder]
    searches = [Search(run, row, found, budget, folder) for row in rows]
    _tell([one.complete(say) for one in searches], folder, json=json)


def _tell(outcomes: "list[Outcome]", folder: Path, *, json: bool) -> None:
    from protea.benchmark.search.outcome import outcomes_of

    if json:
        print_json({"out": str(folder), "found": [one.model_dump(mode="json") for one in outcomes]})
        return
    everything = outcomes_of(folder)
    typer.echo(f"every encoder: {everything[0].budget.words}; judged on validation, the test part was not read")
    for one in everything:
        failed = f", {one.trials_failed} failed" if one.trials_failed else ""
        typer.echo(
            f"{one.encoder} {one.scheme}: {one.metric} {one.validation_metric:.4f} ({one.trials_done} trials{failed})"
        )
        typer.echo("  " + " ".join(f"--set {words}" for words in one.overrides))
