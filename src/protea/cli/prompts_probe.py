"""`protea prompts probe`: which prompt helps a new task."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, SetOption, ThreadsOption, cache_folder
from protea.cli.printing import print_json

__all__ = ["probe"]


def probe(
    config: Annotated[Path, typer.Argument(help="YAML file: objective (label, level), data, metric.")],
    run: Annotated[Path, typer.Option("--run", help="Folder of a run with prompts.")],
    overrides: SetOption = None,
    cache: CacheOption = None,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Fit a linear probe on frozen embeddings under no prompt, each prompt alone, and all; compare them with none.

    Exit codes: 0 done; 2 no such run or data, or a run without prompts.
    """
    from protea.applications.prompts.probe import ProbeConfig
    from protea.applications.prompts.probe import probe as probe_run
    from protea.benchmark.trained import load_run
    from protea.config import load_config
    from protea.training.loop import arithmetic

    chosen = load_config(ProbeConfig, config, overrides)
    with arithmetic(threads):
        rows = probe_run(load_run(run), chosen, cache_folder(cache))
    if json:
        print_json({"metric": chosen.metric, "rows": [asdict(row) for row in rows]})
        return
    for row in rows:
        than = ""
        if row.difference is not None:
            than = f"; to none {row.difference:+.4f} ({row.difference_low:.4f} to {row.difference_high:.4f})"
        typer.echo(f"{row.condition}: {chosen.metric} {row.value:.4f} ({row.low:.4f} to {row.high:.4f}){than}")
