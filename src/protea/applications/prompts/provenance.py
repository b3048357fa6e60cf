"""Where the prompts of a run come from: `prompts.json` in its folder, one entry per prompt, the oldest first."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from protea.benchmark.trained import TrainedRun
from protea.encoders.language.encoder import LanguageEncoder
from protea.errors import ConfigError, FileFormatError, describe

__all__ = ["PROMPTS", "PromptRecord", "prompts_of_run", "read_prompts", "row_digest", "write_prompts"]

PROMPTS = "prompts.json"
_FORMAT = "protea-prompts-1"


@dataclass(frozen=True)
class PromptRecord:
    """A prompt, what it started from, what trained it, and a digest of its row, by which a later change is seen."""

    name: str
    initialisation: str
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Objective, data, fingerprint of the data and weight of each task that was read under it, by name."""
    steps: int = 0
    seed: int | None = None
    started_from: str = ""
    backbone_was_frozen: bool | None = None
    left_out: int = 0
    """Training proteins that the leak guard took away."""
    row_sha256: str = ""


def row_digest(encoder: LanguageEncoder, name: str) -> str:
    """Return the SHA-256 of the row of a prompt, as float32."""
    prompts = encoder.model.prompts
    assert prompts is not None
    row = prompts.rows([name])[0].detach().float().cpu().numpy()
    return hashlib.sha256(row.astype("<f4").tobytes()).hexdigest()


def write_prompts(records: list[PromptRecord], folder: Path) -> None:
    """Write the entries of a run."""
    tree = {"format": _FORMAT, "prompts": [asdict(record) for record in records]}
    (folder / PROMPTS).write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")


def read_prompts(folder: Path) -> list[PromptRecord]:
    """Return the entries of a run, none where it has no such file; raise FileFormatError for another file."""
    path = folder / PROMPTS
    if not path.exists():
        return []
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        if tree["format"] != _FORMAT:
            raise KeyError("format")
        return [PromptRecord(**item) for item in tree["prompts"]]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise FileFormatError(describe("not a record of prompts", where=str(path), found=repr(error))) from error


def prompts_of_run(run: TrainedRun) -> list[PromptRecord]:
    """Return an entry per prompt of a run, in its order; one that nobody wrote about has its name and digest alone.

    Raises:
        ConfigError: if the encoder of the run has no prompts.
        FileFormatError: if a row is not the one that the record speaks of.
    """
    encoder = run.model.encoder
    if not isinstance(encoder, LanguageEncoder) or not encoder.prompt_names:
        raise ConfigError(
            describe("the run has no prompts", where=str(run.folder), do="Add some with `protea prompts inject`.")
        )
    written = {record.name: record for record in read_prompts(run.folder)}
    found = []
    for name in encoder.prompt_names:
        digest = row_digest(encoder, name)
        record = written.get(name, PromptRecord(name, "unknown", row_sha256=digest))
        if record.row_sha256 != digest:
            raise FileFormatError(
                describe(f"the prompt {name} is not the one of the record", where=str(run.folder / PROMPTS),
                         expected=record.row_sha256, found=digest)
            )  # fmt: skip
        found.append(record)
    return found
