"""`protea variants fit`: a supervised model of one measured scan, with calibrated intervals, into a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protea.cli.options import DryRunOption, JsonOption, SetOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say
from protea.cli.variants_score import WildTypeOption

if TYPE_CHECKING:
    from protea.applications.variants.scan_model import ScanModelConfig

__all__ = ["VariantEmbeddingsOption", "VariantScoresOption", "fit"]

VariantScoresOption = Annotated[
    Path | None,
    typer.Option(
        "--scores", help="CSV of other models' scores, which features may name; variants in the first column."
    ),
]
VariantEmbeddingsOption = Annotated[
    Path | None,
    typer.Option("--embeddings", help="Folder of `protea embed` with each mutated sequence under its variant's name."),
]


def fit(
    table: Annotated[Path, typer.Argument(help="CSV file with a line of heads and a measured variant per line.")],
    wild_type: WildTypeOption,
    out: Annotated[Path, typer.Option("--out", help="Folder for the model.")],
    config: Annotated[
        Path | None, typer.Option("--config", help="YAML of a ScanModelConfig. Not given: ridge on one-hot columns.")
    ] = None,
    variant: Annotated[str, typer.Option("--variant", help="Column of the variant's name.")] = "mutant",
    measured: Annotated[str, typer.Option("--measured", help="Column of the measurement.")] = "DMS_score",
    first_number: Annotated[int, typer.Option("--first-number", help="Number of the first residue in names.")] = 1,
    scores: VariantScoresOption = None,
    embeddings: VariantEmbeddingsOption = None,
    set_: SetOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Fit a ridge, a Gaussian process or a small network to a scan; `protea variants predict` asks it for more.

    A share of the variants is held out; it calibrates the intervals and tells what the model reaches. Where variants
    have one mutation, whole positions are held out too, for intervals at positions that were never measured.

    Exit codes: 0 done; 2 a table, wild type, configuration or column that cannot be used.
    """
    from protea.applications.variants.answer_files import model_facts
    from protea.applications.variants.external_columns import read_external_columns
    from protea.applications.variants.measured_table import read_measured
    from protea.applications.variants.scan_model import fit_scan
    from protea.applications.variants.wild_type import one_sequence

    require_folder("--out", out, [table, wild_type, config, scores, embeddings])
    name, letters = one_sequence(wild_type)
    settings = _settings(config, set_)
    found = read_measured(table, variant, measured, letters, first_number)
    if found.num_unmeasured:
        say(f"{table}: {found.num_unmeasured} lines without a measurement left out")
    if dry_run:
        content = {"variants": len(found.names), "wild_type": name, "residues": len(letters),
                   "config": settings.model_dump(mode="json")}  # fmt: skip
        if json:
            print_json(content)
        else:
            typer.echo(
                f"would fit {settings.learner.kind} on {', '.join(settings.features)} to {len(found.names):,} variants"
            )
        return
    external = read_external_columns(scores, embeddings, found.names)
    model = fit_scan(
        settings, name, letters, first_number, measured, found.names, found.variants, found.value, external
    )
    model.save(out)
    facts = model_facts(model.file)
    if json:
        print_json(facts)
        return
    typer.echo(f"{out}: {model.file.num_train:,} of {len(found.names):,} variants learned from")
    for case, held in ((case, facts[case]) for case in ("known_positions", "new_positions")):
        if held is not None:
            correlation = "undefined" if held["spearman"] is None else f"{held['spearman']:.3f}"
            typer.echo(f"{case.replace('_', ' ')}: Spearman {correlation}, RMSE {held['rmse']:.4g} of "
                       f"{held['num_variants']:,} held-out variants")  # fmt: skip
    for kind, words in facts["intervals"].items():
        say(f"{kind}: {words}")


def _settings(config: Path | None, changes: list[str] | None) -> "ScanModelConfig":
    from protea.applications.variants.scan_model import ScanModelConfig
    from protea.config import apply_overrides, load_config, parse_config

    if config is not None:
        return load_config(ScanModelConfig, config, changes)
    # Only the kind stands here, so that another kind leaves no settings of the first behind.
    default = {"learner": {"kind": "ridge"}}
    return parse_config(ScanModelConfig, apply_overrides(default, changes or []), where="--set")
