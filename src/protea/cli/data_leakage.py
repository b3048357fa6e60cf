"""`protea data leakage`: what a split gives away."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.exit_codes import ExitCode
from protea.cli.options import JsonOption
from protea.cli.printing import print_json

__all__ = ["leakage"]


def leakage(
    store: Annotated[Path, typer.Argument(help="Folder of a store.")],
    split: Annotated[Path, typer.Argument(help="A split file, as `protea data split` writes it.")],
    min_identity: Annotated[float, typer.Option(help="Identity at which two chains are relatives.")] = 0.3,
    json: JsonOption = False,
) -> None:
    """Report exact duplicates, relatives of test proteins in training, and families in two parts.

    Exit codes: 0 the split is clean; 1 it leaks; 2 no such store or split, or a wrong setting.
    """
    from protea.config import parse_config
    from protea.datasets.components import chain_sequences
    from protea.datasets.leakage import leakage as report_on
    from protea.datasets.sequence_search import SearchSettings
    from protea.datasets.splits import Split
    from protea.datasets.store import Store

    settings = parse_config(SearchSettings, {"min_identity": min_identity}, where="--min-identity")
    chains = {protein.id: chain_sequences(protein) for protein in Store(store)}
    report = report_on(Split.load(split), chains, settings)
    if json:
        print_json(
            {
                "split": report.split,
                "is_clean": report.is_clean,
                "sizes": dict(report.num_of_part),
                "duplicates": [item._asdict() for item in report.duplicates],
                "families_in_two_parts": [item._asdict() for item in report.shared_components],
                "families": report.num_components,
                "histogram": report.histogram(),
                "highest_train_identity": dict(report.highest_train_identity),
                "mmseqs": report.mmseqs,
            }
        )
    else:
        typer.echo(report.to_markdown(), nl=False)
    if not report.is_clean:
        raise typer.Exit(int(ExitCode.CHECK_FAILED))
