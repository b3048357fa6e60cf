"""`protea embed`: embeddings of a trained encoder or a language model into a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from protea.cli.embedding_options import (
    EmbeddingMemoryOption,
    EmbeddingModelOption,
    EmbeddingWeightsOption,
    EncoderKindOption,
    EncoderRunOption,
    LayerOption,
    LevelChoice,
    LevelOption,
    PairsOption,
    PassOption,
    PrecisionChoice,
    PrecisionOption,
    ShardOption,
    StorageChoice,
    StorageOption,
    WindowSizeOption,
    levels_of,
)
from protea.cli.options import (
    AcceleratorChoice,
    AcceleratorOption,
    DryRunOption,
    JsonOption,
    RayOption,
    SetOption,
    SharedOption,
    ThreadsOption,
)
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say
from protea.cli.refusals import end_if_refused, tell_refused

if TYPE_CHECKING:
    from protea.applications.embedding.embed import EmbeddingReport
    from protea.applications.embedding.embedder import Embedder

__all__ = ["embed"]


def embed(
    path: Annotated[
        list[Path], typer.Argument(help="FASTA and structure files, folders of them, or stores of proteins.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder of the embeddings.")],
    run: EncoderRunOption = None,
    encoder: EncoderKindOption = None,
    model: EmbeddingModelOption = None,
    weights: EmbeddingWeightsOption = None,
    overrides: SetOption = None,
    level: LevelOption = LevelChoice.both,
    layer: LayerOption = None,
    store: StorageOption = StorageChoice.float32,
    precision: PrecisionOption = PrecisionChoice.float32,
    window_tokens: WindowSizeOption = None,
    pairs: PairsOption = False,
    max_residues: PassOption = 4000,
    memory: EmbeddingMemoryOption = None,
    shard: ShardOption = None,
    shared: SharedOption = False,
    ray: RayOption = None,
    accelerator: AcceleratorOption = AcceleratorChoice.cpu,
    threads: ThreadsOption = 1,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Write residue and protein embeddings as .npy files, in evaluation mode; what cannot be read is counted and named.

    An interrupted run goes on where it stopped, to the same bytes; with --shared, any number of machines run the same
    command on the same folder. `read_embeddings` of `protea.datasets.stored_embeddings` reads the folder back as NumPy,
    torch or Arrow, and a folder of all shards as one. Language models read sequences and the chains of structures;
    encoders of structures need a CA.

    Exit codes: 0 done; 1 done, but some files or proteins were refused; 2 no such run, file or weights, or a folder
    that holds the embeddings of something else.
    """
    from protea.applications.embedding.embed import embed as embed_paths
    from protea.applications.embedding.inputs import parse_shard
    from protea.applications.embedding.shared_embedding import embed_shared
    from protea.cli.workers import chosen_workers, require_no_shard
    from protea.training.device import device_named
    from protea.training.loop import arithmetic

    require_folder("--out", out, [*path, run, weights])
    part = None if shard is None else parse_shard(shard)
    require_no_shard(shard, shared=shared, ray=ray)
    reading = _Reading(layer, precision, window_tokens, pairs, memory)
    if run is None and encoder is None and (model is not None or weights is not None):
        found, max_residues = _language_model(model, weights, overrides, reading, max_residues)
    else:
        found = _structure_encoder(run, encoder, model, weights, overrides, reading)
    if dry_run:
        _tell_plan(path, found.width, json=json)
        return
    device = device_named(accelerator.value)
    if shared or ray is not None:
        report = embed_shared(
            found, path, out, levels=levels_of(level), max_residues=max_residues, stored_as=store.value,
            threads=threads, device=device, workers=chosen_workers(ray, threads, device), say=say,
        )  # fmt: skip
    else:
        with arithmetic(threads):
            report = embed_paths(
                found.to(device), path, out, levels=levels_of(level), max_residues=max_residues,
                stored_as=store.value, shard=part, say=say,
            )  # fmt: skip
    _tell(report, json=json)
    end_if_refused(report.refused)


class _Reading(NamedTuple):
    """The options that only language models have."""

    layers: list[str] | None
    precision: PrecisionChoice
    window_tokens: int | None
    pairs: bool
    memory: str | None

    def require_none(self) -> None:
        """Raise ConfigError where one of them is given."""
        from protea.errors import ConfigError, describe

        given = {
            "--layer": self.layers, "--precision": self.precision is not PrecisionChoice.float32,
            "--window-tokens": self.window_tokens, "--pairs": self.pairs, "--memory": self.memory,
        }  # fmt: skip
        names = [name for name, value in given.items() if value]
        if names:
            raise ConfigError(describe("an option of language models", where=", ".join(names), expected="--model"))


def _language_model(
    model: str | None, weights: str | None, overrides: list[str] | None, reading: _Reading, max_residues: int
) -> "tuple[Embedder, int]":
    """Return the language model that the options name, and its tokens per pass."""
    from protea.applications.embedding.language_embedder import language_embedder
    from protea.applications.embedding.memory_bound import parse_memory, tokens_within
    from protea.cli.language_options import language_model_config, require_sized
    from protea.encoders.language.windows import WindowPolicy

    name = model if weights is None else weights
    assert name is not None
    require_sized(overrides, None if weights is None else model)
    config = None if model is None or weights is None else language_model_config(model, overrides)
    size = reading.window_tokens
    windows = None if size is None else WindowPolicy.of_size("overlapping", size)
    found = language_embedder(
        name, config, layers=reading.layers or ["last"], precision=reading.precision.value, windows=windows,
        reads_pairs=reading.pairs,
    )  # fmt: skip
    if reading.memory is not None:
        max_residues = found.max_tokens = tokens_within(found, parse_memory(reading.memory))
        say(f"{max_residues:,} tokens per pass within {reading.memory}")
    return found, max_residues


def _structure_encoder(
    run: Path | None, encoder: str | None, model: str | None, weights: str | None, overrides: list[str] | None,
    reading: _Reading,
) -> "Embedder":  # fmt: skip
    from protea.applications.embedding.encoding_model import EncoderChoice, model_of_run, published_model
    from protea.config import apply_overrides, parse_config
    from protea.errors import ConfigError, describe

    if model is not None or (run is None) == (encoder is None) or (encoder is None) != (weights is None):
        raise ConfigError(describe("which encoder?", expected="one of --run, --encoder with --weights, and --model"))
    reading.require_none()
    if run is not None:
        if overrides:
            raise ConfigError(describe("a run brings its own settings", where="--set", do="Leave --set out."))
        return model_of_run(run)
    assert weights is not None
    tree = apply_overrides({"encoder": {"kind": encoder}}, overrides or [])
    return published_model(parse_config(EncoderChoice, tree, where="--encoder"), Path(weights))


def _tell_plan(path: list[Path], width: int, *, json: bool) -> None:
    from protea.applications.embedding.inputs import list_items

    items = list_items(path)
    if json:
        print_json({"items": len(items.items), "ignored": len(items.ignored), "channels": width})
    else:
        typer.echo(f"would embed {len(items.items)} items in {width} channels")


def _tell(report: "EmbeddingReport", *, json: bool) -> None:
    if json:
        print_json(
            {
                "folder": str(report.folder),
                "proteins": report.num_proteins,
                "residues": report.num_residues,
                "resumed": report.num_resumed,
                "in_windows": report.num_in_windows,
                "storage": report.storage,
                "refused": [refusal._asdict() for refusal in report.refused],
                "ignored": list(report.ignored),
            }
        )
        return
    tell_refused(report.refused)
    typer.echo(
        f"{report.folder}: {report.num_proteins:,} proteins, {report.num_residues:,} residues, "
        f"{len(report.refused):,} refused, {len(report.ignored):,} other files ignored"
    )
    if report.num_in_windows:
        typer.echo(f"{report.num_in_windows:,} proteins were too long for one reading: read in overlapping windows")
    for name, error in report.storage.get("error", {}).items():
        typer.echo(
            f"{name}: stored as {report.storage['words']}; largest error {error['largest']:.3g}, relative L2 "
            f"{error['relative_l2']:.3g}"
        )
