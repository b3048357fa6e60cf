"""A pretrained language model taken out of its run: weights as one file, and a card of what they are worth.

The encoder of the run and the head of its `masked_language` objective make one `LanguageModel`. The card holds
perplexity at the hidden places of the test part beside two models of letter statistics at the same places.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from protea.benchmark.hidden_letters import LetterPerplexities, letter_perplexities
from protea.benchmark.trained import TrainedRun, load_run
from protea.cluster.usual_rights import usual_rights
from protea.encoders.adapters import merged_tensors
from protea.encoders.language.encoder import LanguageEncoder, LanguageEncoderConfig
from protea.encoders.language.interface import LanguageModelConfig, require_fit
from protea.encoders.language.model import LanguageModel
from protea.encoders.weights.language_models import OWN_NAMES, PROMPTS_KEY
from protea.errors import InputError, describe
from protea.objectives.masked_language import MaskedLanguage

__all__ = ["exported_model", "write_language_model"]


def exported_model(run: TrainedRun) -> tuple[LanguageModel, LanguageModelConfig]:
    """Return the language model of a run, in evaluation mode, its adapters merged.

    Its prompts go with it; those on are the ones under which the objective read it.

    Raises:
        InputError: if the run trained no language model, or only the first blocks of one, or one whose own head is
            another than that of the objective.
    """
    encoder, config = run.model.encoder, run.record.model.encoder
    heads = {name: item for name, item in run.model.objectives.items() if isinstance(item, MaskedLanguage)}
    if not (isinstance(encoder, LanguageEncoder) and isinstance(config, LanguageEncoderConfig) and len(heads) == 1):
        raise InputError(
            describe("the run trained no language model", where=str(run.folder),
                     expected="the encoder language_model under the objective masked_language",
                     found=f"{config.kind} under {', '.join(run.record.model.objectives)}")
        )  # fmt: skip
    model = config.model.build()
    [(name, objective)] = heads.items()
    if config.prompts is not None:
        active = run.model.prompts.get(name, config.prompts.active)
        model.add_prompts(config.prompts.model_copy(update={"active": active}))
    state = merged_tensors(encoder.model)
    state |= {f"head.{name}": value for name, value in objective.head.state_dict().items()}
    require_fit(model.state_dict(), state, config.model, str(run.folder))
    model.load_state_dict(state, strict=True)
    return model.eval(), config.model


def write_language_model(run_folder: Path, out: Path, cache: Path, dtype: torch.dtype = torch.bfloat16) -> Path:
    """Write the weights of a run as one `.safetensors` file and its card beside it; return the card."""
    run = load_run(run_folder)
    model, config = exported_model(run)
    perplexities = letter_perplexities(run, cache)
    tensors = {
        name: value.to(dtype).contiguous() if value.is_floating_point() else value
        for name, value in model.state_dict().items()
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"format": "pt", "layout": "plain", "names": OWN_NAMES, "config": config.model_dump_json()}
    prompts = run.record.model.encoder.prompts if isinstance(run.record.model.encoder, LanguageEncoderConfig) else None
    if prompts is not None and model.prompts is not None:
        metadata[PROMPTS_KEY] = prompts.model_copy(update={"active": model.prompts.default}).model_dump_json()
    with usual_rights(out):
        save_file(tensors, out, metadata=metadata)
    card = out.with_suffix(".md")
    card.write_text(_card(run, model, config, perplexities, dtype), encoding="utf-8")
    return card


def _card(
    run: TrainedRun, model: LanguageModel, config: LanguageModelConfig, found: LetterPerplexities, dtype: torch.dtype
) -> str:
    training, record = run.record.training, run.record
    metrics = json.loads((run.folder / "metrics.json").read_text(encoding="utf-8"))
    count = sum(parameter.numel() for parameter in model.parameters())
    steps = (training.epoch_steps or 0) * len(metrics["train_loss"])
    sizes = ", ".join(f"{name} {value}" for name, value in config.model_dump().items() if name != "kind")
    return f"""# {config.kind}

{count:,} weights ({sizes}), stored as {str(dtype).removeprefix("torch.")}.

| at {found.num_places:,} hidden residues of {found.num_proteins:,} held-out proteins | perplexity |
|---|---|
| frequencies of letters | {found.frequencies:.2f} |
| letters of the same protein | {found.composition:.2f} |
| letters between their neighbours, two on each side | {found.neighbours:.2f} |
| this model | {found.model:.2f} |

- Data: {metrics["proteins"]["train"]:,} training sequences, fingerprint `{record.data_fingerprint[:16]}`.
- Training: {steps:,} steps of at most {training.batch.max_residues:,} residues, learning rate
  {training.learning_rate:g}, {training.precision}, seed {training.seed}; the weights are those of validation
  {metrics["best_epoch"] + 1} of {len(metrics["train_loss"])}. Commit `{record.commit}`, {record.machine}.
- The neighbours lean on shorter contexts by {found.prior_weight:g} counts, the letters of a protein on those of all by
  {found.letters_of_prior:g}, chosen on the validation part.
"""
