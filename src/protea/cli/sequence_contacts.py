"""`protea sequence contacts`: contacts that a language model predicts."""

from pathlib import Path
from typing import Annotated, Any

import typer

from protea.cli.language_options import LanguageModelOption, LanguageWeightsOption, named_models
from protea.cli.options import AcceleratorChoice, AcceleratorOption, JsonOption, SetOption, ThreadsOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say

__all__ = ["ContactHeadOption", "contacts"]

ContactHeadOption = Annotated[
    Path | None,
    typer.Option("--contact-head", help="File of `fit-contacts` or fair-esm, in place of the model's own head."),
]


def contacts(
    sequences: Annotated[str, typer.Argument(help="FASTA file, or the letters of one sequence.")],
    weights: LanguageWeightsOption,
    out: Annotated[Path, typer.Option("--out", help="Folder for a matrix (.npy), pairs (.csv), a map (.svg) of each.")],
    model: LanguageModelOption = None,
    contact_head: ContactHeadOption = None,
    least: Annotated[float, typer.Option("--least", min=0, max=1, help="Least probability of a listed pair.")] = 0.1,
    overrides: SetOption = None,
    accelerator: AcceleratorOption = AcceleratorChoice.cpu,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Write the probability that two residues lie within 8 angstrom (CB), for every pair of every sequence.

    Tables and maps leave out pairs less than six residues apart; the matrix has all. Sequences are read whole.

    Exit codes: 0 done; 2 sequences or weights that cannot be used, or a model without contacts.
    """
    from protea.applications.language.contact_files import read_contact_head, write_contacts
    from protea.applications.language.contact_prediction import predicted_contacts
    from protea.applications.language.named_sequences import named_sequences
    from protea.errors import ConfigError, describe
    from protea.training.loop import arithmetic

    if len(weights) > 1:
        raise ConfigError(describe("several models", where="--weights", expected="one: contacts are not averaged"))
    require_folder("--out", out, [sequences, contact_head, *weights])
    named = named_models(weights, model, overrides, accelerator)
    (chosen,) = named.models
    if contact_head is not None:
        chosen.contact_head = read_contact_head(contact_head, chosen)
    written: list[dict[str, Any]] = []
    with arithmetic(threads):
        for id, sequence in named_sequences(sequences):
            (probability,) = predicted_contacts(chosen, [sequence])
            files = write_contacts(probability, id, sequence, named.words, out, least)
            written.append({"id": id, "num_residues": len(sequence), "files": [str(path) for path in files]})
            say(f"{id}: {len(sequence)} residues, {files[0]}")
    if json:
        print_json({**named.facts, "sequences": written})
        return
    typer.echo(f"{out}: contacts of {len(written):,} sequences")
