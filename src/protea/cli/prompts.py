"""The sub-commands of `protea prompts`, one file each."""

import typer

from protea.cli.prompts_ablate import ablate
from protea.cli.prompts_inject import inject
from protea.cli.prompts_list import list_prompts
from protea.cli.prompts_probe import probe
from protea.cli.prompts_show import show

__all__ = ["prompts"]

prompts = typer.Typer(no_args_is_help=True, help="Inject knowledge into a language model by prompts, and read them.")
prompts.command("list")(list_prompts)
for _command in (inject, ablate, show, probe):
    prompts.command()(_command)
