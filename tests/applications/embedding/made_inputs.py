"""A folder of small structures, two of which cannot be embedded, and the model that embeds them."""

from pathlib import Path

from protea.applications.embedding.encoding_model import EmbeddingModel, model_of_run
from protea.protein.writers.pdb import write_pdb
from tests.benchmark.made_runs import write_run
from tests.datasets.made_proteins import made_protein

LENGTHS = {"a": 7, "b": 12, "c": 5, "e": 9, "f": 6}


def write_structures(folder: Path) -> Path:
    """Five structures `a b c e f`, between them `d` that is no structure, `seq` without atoms, and a note."""
    folder.mkdir(parents=True)
    for seed, (name, length) in enumerate(LENGTHS.items()):
        write_pdb(made_protein(name, length, seed=seed, is_plain=True), folder / f"{name}.pdb")
    (folder / "d.pdb").write_text("no structure\n")
    (folder / "seq.fasta").write_text(">one\nACDE\n")
    (folder / "notes.txt").write_text("a note\n")
    return folder


def small_model(folder: Path) -> EmbeddingModel:
    """A random encoder of eight channels."""
    return model_of_run(write_run(folder))
