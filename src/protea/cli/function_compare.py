"""`protea function compare`: geometric models beside the answers that they must beat."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption, SetOption, ThreadsOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say

__all__ = ["compare"]


def compare(
    config: Annotated[Path, typer.Argument(help="YAML file, as configs/function/ec.yaml.")],
    data: Annotated[Path, typer.Option("--data", help="Folder of the tables.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the page and the JSON.")],
    run: Annotated[Path | None, typer.Option("--run", help="Folder for the fitted models, for `predict`.")] = None,
    changes: SetOption = None,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Fit K models on labelled chains and judge them beside frequency, similarity and logistic regression.

    Exit codes: 0 done; 2 a table that cannot be read, or a wrong setting.
    """
    from protea.applications.function.comparison import FunctionComparisonConfig, compare_function
    from protea.applications.function.comparison_report import comparison_json, write_comparison
    from protea.applications.function.function_run import save_function_run
    from protea.config import load_config

    require_folder("--out", out)
    require_folder("--run", run)
    loaded = load_config(FunctionComparisonConfig, config, changes)
    found = compare_function(loaded, data, num_threads=threads, tell=say)
    changed = "".join(f" --set {change}" for change in changes or ())
    write_comparison(found, out, f"protea function compare {config} --data {data} --out {out}{changed}")
    say(f"wrote {out / loaded.name}.md")
    if run is not None:
        save_function_run(found.run, run)
        say(f"wrote {run}")
    if json:
        print_json(comparison_json(found))
