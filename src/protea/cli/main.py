"""The tree of commands, and what an error becomes: one line on stderr and an exit code."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from protea import __version__
from protea.cli.bench_calibrate import calibrate
from protea.cli.bench_evaluate import evaluate
from protea.cli.bench_predict import predict as predict_with_run
from protea.cli.bench_report import report
from protea.cli.bench_run import run
from protea.cli.bench_search import search
from protea.cli.data_build import build
from protea.cli.data_curate import curate
from protea.cli.data_fetch import fetch
from protea.cli.data_inspect import inspect
from protea.cli.data_leakage import leakage
from protea.cli.data_split import split
from protea.cli.doctor import doctor
from protea.cli.embed import embed
from protea.cli.exit_codes import ExitCode
from protea.cli.explain import explain
from protea.cli.finetune import finetune
from protea.cli.function import function
from protea.cli.interactions import interactions
from protea.cli.parity import parity
from protea.cli.predict import predict
from protea.cli.pretrain import pretrain
from protea.cli.prompts import prompts
from protea.cli.properties import properties
from protea.cli.sequence import sequence
from protea.cli.train import train
from protea.cli.variants import variants
from protea.cli.visualise import visualise
from protea.cli.weights import weights
from protea.errors import MissingExtraError, ProteaError

__all__ = ["ProteaGroup", "app", "main"]


class ProteaGroup(TyperGroup):
    """The root of the commands: an error that Protea raises on purpose is told in one line, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exit with 3 for a missing extra, with 2 for any other error of Protea or of a path."""
        try:
            return super().invoke(ctx)
        except ProteaError as error:
            typer.echo(f"protea: {' '.join(str(error).split())}", err=True)
            code = ExitCode.MISSING_EXTRA if isinstance(error, MissingExtraError) else ExitCode.WRONG_INPUT
            raise typer.Exit(int(code)) from error
        except OSError as error:
            if error.filename is None:
                raise  # a broken pipe, or nothing that the user named
            where = " -> ".join(str(name) for name in (error.filename, error.filename2) if name is not None)
            typer.echo(f"protea: {where}: {error.strerror}. Check the path and its permissions.", err=True)
            raise typer.Exit(int(ExitCode.WRONG_INPUT)) from error


def _version(is_asked: bool) -> bool:
    if is_asked:
        typer.echo(__version__)
        raise typer.Exit
    return is_asked


app = typer.Typer(cls=ProteaGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_data = typer.Typer(no_args_is_help=True, help="Fetch, build, inspect, split and judge data.")
_bench = typer.Typer(no_args_is_help=True, help="Run benchmarks, report on them, evaluate runs on other data.")


@app.callback()
def _protea(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Protein representation learning whose numbers can be trusted.

    Exit codes: 0 done; 1 a check did not pass; 2 wrong usage or input; 3 a missing extra; 4 not implemented.
    """


for _top in (train, pretrain, finetune, predict, embed, explain, visualise, parity, doctor):
    app.command()(_top)
for _of_data in (fetch, build, curate, inspect, split, leakage):
    _data.command()(_of_data)
for _of_bench in (run, search, report, evaluate, calibrate):
    _bench.command()(_of_bench)
_bench.command("predict")(predict_with_run)
app.add_typer(_data, name="data")
app.add_typer(_bench, name="bench")
app.add_typer(interactions, name="interactions")
app.add_typer(variants, name="variants")
app.add_typer(prompts, name="prompts")
app.add_typer(function, name="function")
app.add_typer(properties, name="properties")
app.add_typer(sequence, name="sequence")
app.add_typer(weights, name="weights")


def main() -> None:
    """Run the command line; leaves with an exit code."""
    app(prog_name="protea")
