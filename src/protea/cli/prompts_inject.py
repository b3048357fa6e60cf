"""`protea prompts inject`: prompts trained into a language model, each task on its own data."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, DryRunOption, JsonOption, SetOption, cache_folder
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say
from protea.cli.train import tell_epoch

__all__ = ["inject"]


def inject(
    config: Annotated[Path, typer.Argument(help="YAML file: run or encoder, new_prompts, tasks, guard, training.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the run.")],
    overrides: SetOption = None,
    cache: CacheOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Add prompts to a language model and train them, with L = L_C + lambda * sum of alpha_t L_t.

    Each task has its own data and is read under its own prompts. Training proteins that resemble what is tested are
    left out, counted and named in guard.json. A run that was stopped goes on; the folder is that of any run.

    Exit codes: 0 done; 2 wrong configuration, data or weights, or a folder that holds another injection.
    """
    from protea.applications.prompts.injection import inject as inject_prompts
    from protea.applications.prompts.injection import model_of_injection
    from protea.applications.prompts.injection_config import InjectionConfig
    from protea.applications.prompts.starting_weights import source_of
    from protea.benchmark.cost import parameter_count
    from protea.config import load_config

    require_folder("--out", out)
    chosen = load_config(InjectionConfig, config, overrides)
    if dry_run:
        source = source_of(chosen)
        parameters = parameter_count(model_of_injection(chosen, source).build())
        if json:
            print_json({"config": chosen.model_dump(mode="json"), "parameters": parameters, "from": source.words})
        else:
            typer.echo(
                f"{', '.join(chosen.new_prompts)} into {source.words}: {parameters:,} parameters; nothing was run"
            )
        return
    content = inject_prompts(chosen, out, cache_folder(cache), tell_epoch)
    if json:
        print_json(content | {"run": str(out)})
        return
    left_out = content["guard"]["left_out"]
    say(f"left out for their likeness to tests: {', '.join(f'{name} {num}' for name, num in left_out.items())}")
    for task, values in content["metrics"]["test"].items():
        before = content["before"].get(task, {})
        found = [f"{name} {value:.4f}" + (f" (before {before[name]:.4f})" if name in before else "")
                 for name, value in values.items()]  # fmt: skip
        typer.echo(f"test {task}: {', '.join(found)}")
    typer.echo(f"run: {out}")
