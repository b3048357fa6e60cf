"""`protea sequence store-contacts`: predicted contacts as a folder that graphs of proteins without structure read."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import AcceleratorChoice, AcceleratorOption, JsonOption, SetOption, ThreadsOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say
from protea.cli.refusals import end_if_refused, tell_refused
from protea.cli.sequence_contacts import ContactHeadOption

__all__ = ["store_contacts"]


def store_contacts(
    path: Annotated[
        list[Path], typer.Argument(help="FASTA and structure files, folders of them, or stores of proteins.")
    ],
    weights: Annotated[str, typer.Option("--weights", help="Published weights by name, or a file of them.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the contacts.")],
    model: Annotated[
        str | None, typer.Option("--model", help="What a file of weights holds: kind and size (esm2/35M).")
    ] = None,
    contact_head: ContactHeadOption = None,
    partners: Annotated[int, typer.Option("--partners", min=1, help="Likeliest partners kept of each residue.")] = 24,
    overrides: SetOption = None,
    accelerator: AcceleratorOption = AcceleratorChoice.cpu,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Write the likeliest contacts of each residue once, for graphs (`graph.kind: predicted_contacts`) to read.

    A scheme names the folder under `contacts`. Pairs less than six residues apart are left out; sequences are read
    whole. An interrupted run goes on where it stopped. What was trained with the folder refuses any other model's.

    Exit codes: 0 done; 1 done, but some files or proteins were refused; 2 no such file or weights, a model without
    contacts, or a folder that holds something else.
    """
    from protea.applications.embedding.contact_embedder import contact_embedder
    from protea.applications.embedding.embed import embed
    from protea.applications.language.contact_files import read_contact_head
    from protea.cli.language_options import language_model_config
    from protea.encoders.weights.language_models import load_language_model
    from protea.training.device import device_named
    from protea.training.loop import arithmetic

    require_folder("--out", out, [*path, contact_head, weights])
    found = load_language_model(weights, None if model is None else language_model_config(model, overrides))
    if contact_head is not None:
        found.model.contact_head = read_contact_head(contact_head, found.model)
    settings = found.config.model_dump(mode="json")
    name = f"contacts of {found.config.kind} from {Path(weights).name}"
    embedder = contact_embedder(found.model, found.digests, settings, name, partners, contact_head)
    with arithmetic(threads):
        report = embed(embedder.to(device_named(accelerator.value)), path, out, levels=("residue",), say=say)
    tell_refused(report.refused)
    if json:
        refused = [refusal._asdict() for refusal in report.refused]
        print_json({"folder": str(out), "proteins": report.num_proteins, "refused": refused})
    else:
        typer.echo(f"{out}: contacts of {report.num_proteins:,} proteins, {len(report.refused):,} refused")
    end_if_refused(report.refused)
