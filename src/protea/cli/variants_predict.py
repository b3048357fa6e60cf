"""`protea variants predict`: variants of a scan's wild type that nobody measured."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import DryRunOption, JsonOption
from protea.cli.output_paths import require_table_with_facts
from protea.cli.printing import print_json, say
from protea.cli.variants_fit import VariantEmbeddingsOption, VariantScoresOption

__all__ = ["predict"]


def predict(
    model: Annotated[Path, typer.Argument(help="Folder of `protea variants fit`.")],
    table: Annotated[
        Path | None,
        typer.Argument(
            help="CSV file with a line of heads and a variant per line. Not given: all substitutions of every residue."
        ),
    ] = None,
    column: Annotated[str, typer.Option("--column", help="Column with names such as A24V:K30E.")] = "mutant",
    wild_type: Annotated[
        str | None,
        typer.Option("--wild-type", help="Checked against the model's, where given: a FASTA file, or letters."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="NAME.csv to write, and NAME.json beside it. Not given: CSV to stdout.")
    ] = None,
    scores: VariantScoresOption = None,
    embeddings: VariantEmbeddingsOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Predict variants of the same wild type, with intervals; every column of the table stays.

    is_position_known says whether all positions of a variant were learned from, interval_of which held-out variants
    its interval was calibrated on; low and high are empty where none is promised. What that means is said on stderr
    and in the JSON file.

    Exit codes: 0 done; 2 a folder, table or name that cannot be used, or variants of another wild type.
    """
    from protea.applications.variants.answer_files import answer_columns, answers_csv, every_substitution, model_facts
    from protea.applications.variants.external_columns import read_external_columns
    from protea.applications.variants.measured_table import require_sequences
    from protea.applications.variants.scan_model import ScanModel
    from protea.applications.variants.scoring_files import read_variants, write_with_facts
    from protea.applications.variants.wild_type import one_sequence

    require_table_with_facts(out, [model, table, wild_type, scores])
    fitted = ScanModel.load(model)
    file = fitted.file
    if wild_type is not None:
        fitted.require_wild_type(one_sequence(wild_type)[1])
    if table is None:
        variants = every_substitution(file.wild_type)
        head: tuple[str, ...] = (column,)
        lines: tuple[tuple[str, ...], ...] = tuple(
            (variant.name(file.wild_type, file.first_number),) for variant in variants
        )
    else:
        read = read_variants(table, column, file.wild_type, file.first_number)
        require_sequences(read, file.wild_type, str(table))
        variants, head, lines = read.variants, read.head, read.lines
    if dry_run:
        _tell_plan(len(variants), file.name, json=json)
        return
    names = [line[head.index(column)] for line in lines]
    answers = fitted.predict(names, variants, read_external_columns(scores, embeddings, names))
    facts = model_facts(file)
    for kind in dict.fromkeys(answers.interval_of):
        say(f"{answers.interval_of.count(kind):,} {kind}: {facts['intervals'][kind]}")
    if out is not None:
        say(f"wrote {out} and {write_with_facts(answers_csv(head, lines, answers), facts, out)}")
    if json:
        print_json({**facts, "variants": names, **answer_columns(answers)})
    elif out is None:
        typer.echo(answers_csv(head, lines, answers), nl=False)


def _tell_plan(number: int, name: str, *, json: bool) -> None:
    if json:
        print_json({"variants": number, "wild_type": name})
    else:
        typer.echo(f"would predict {number:,} variants of {name}")
