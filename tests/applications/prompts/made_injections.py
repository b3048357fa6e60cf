"""A toy network in which a motif decides who interacts, a corpus, and a tiny language model to inject into."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from protea.applications.prompts.injection_config import InjectionConfig


@dataclass(frozen=True)
class Injected:
    """A finished injection: its folder (with data, run and cache), configuration and content."""

    folder: Path
    config: InjectionConfig
    content: dict[str, Any]

    @property
    def run(self) -> Path:
        return self.folder / "run"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"


# No W and no C: these make the motif.
LETTERS = "ADEFGHIKLMNPQRSTVY"
NUM_SPECIES = 20


def random_letters(rng: np.random.Generator, length: int) -> str:
    return "".join(rng.choice(list(LETTERS), length))


def write_network(folder: Path, seed: int = 0) -> dict[str, Any]:
    """Twenty species with four proteins each: one holds the motif WCW and interacts with the three others.

    As many pairs do not interact as do: those among the three.
    """
    rng = np.random.default_rng(seed)
    lines, sequences = ["item_id_a\titem_id_b\tmode\taction\tis_directional\ta_is_acting\tscore"], []
    for species in range(NUM_SPECIES):
        names = [f"{species}.p{number}" for number in range(4)]
        for name in names:
            letters = random_letters(rng, int(rng.integers(16, 26)))
            if name.endswith("p0"):
                place = int(rng.integers(0, len(letters)))
                letters = f"{letters[:place]}WCW{letters[place:]}"
            sequences.append(f"{name}\t{letters}")
        lines += [f"{names[0]}\t{name}\tbinding\t\tf\tf\t900" for name in names[1:]]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "actions.tsv").write_text("\n".join(lines) + "\n")
    (folder / "sequences.tsv").write_text("\n".join(sequences) + "\n")
    return {
        "kind": "network", "actions": str(folder / "actions.tsv"), "sequences": str(folder / "sequences.tsv"),
        "min_identity": None, "fractions": (0.6, 0.2, 0.2),
    }  # fmt: skip


def write_corpus(folder: Path, num: int = 30, seed: int = 1) -> dict[str, Any]:
    """Sequences in which every second letter is A: something that a model of hidden letters can know."""
    rng = np.random.default_rng(seed)
    records = []
    for number in range(num):
        letters = list(random_letters(rng, 24))
        letters[::2] = "A" * 12
        records.append(f">c{number}\n{''.join(letters)}\n")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "corpus.fasta").write_text("".join(records))
    return {
        "kind": "proteins", "source": {"kind": "folder", "path": str(folder / "corpus.fasta")},
        "split": {"method": "random", "fractions": (0.6, 0.2, 0.2)},
    }  # fmt: skip


ENCODER = {"kind": "language_model", "model": {"kind": "esm2", "num_layers": 1, "width": 16, "num_heads": 2}}


def injection(folder: Path, **changes: Any) -> InjectionConfig:
    """The prompts seq (hidden letters of the corpus) and ic (pairs of the network)."""
    tree: dict[str, Any] = {
        "encoder": ENCODER,
        "new_prompts": {"seq": "normal", "ic": "normal"},
        "tasks": {
            "letters": {
                "objective": {"kind": "masked_language"}, "prompts": ["seq"], "data": write_corpus(folder),
                "metrics": ["perplexity"], "is_knowledge": True,
            },
            "pairs": {
                "objective": {"kind": "pair_interaction", "head": {"kind": "product", "width": 16, "dropout": 0.0}},
                "prompts": ["ic"], "data": write_network(folder), "metrics": ["auroc", "auprc"],
            },
        },
        "guard": {"test_parts": False},
        "training": {
            "epochs": 9, "learning_rate": 1e-2, "batch": {"max_proteins": 16}, "stop_patience": 12,
            "plateau_patience": 12,
        },
    }  # fmt: skip
    return InjectionConfig.model_validate(tree | changes)
