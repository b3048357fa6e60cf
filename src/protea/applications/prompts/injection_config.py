"""What `protea prompts inject` reads: a model, new prompts, the tasks that train them, and what must stay unseen."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from protea.applications.prompts.complex_data import ComplexesConfig
from protea.applications.prompts.leak_guard import GuardConfig
from protea.applications.prompts.network_data import NetworkConfig, STRINGTaskDataConfig
from protea.applications.prompts.task_data import AffinityConfig, ProteinsConfig
from protea.config import Config
from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.objectives.catalogue import AnyObjectiveConfig
from protea.training.config import BatchConfig, TrainingConfig
from protea.training.mixing import Order

__all__ = ["AnyTaskDataConfig", "InjectionConfig", "TaskConfig"]

AnyTaskDataConfig = Annotated[
    ProteinsConfig | AffinityConfig | NetworkConfig | STRINGTaskDataConfig | ComplexesConfig,
    Field(discriminator="kind"),
]


class TaskConfig(Config):
    """An objective, the prompts that it is read under, its data, and its part in the loss."""

    objective: AnyObjectiveConfig = Field(description="What is asked for.")
    prompts: tuple[str, ...] = Field(description="Prompts that are on for this task; an empty list: none.")
    data: AnyTaskDataConfig = Field(description="What it is trained and tested on.")
    metrics: tuple[str, ...] = Field(
        min_length=1, description="Metrics on the test part; the first also decides when to stop, if this is the main."
    )
    is_knowledge: bool = Field(
        False, description="It keeps what the model knows: its loss is in L_C, not in the sum that lambda multiplies."
    )
    alpha: float = Field(1.0, ge=0, description="Weight of the task: alpha_t, or its weight inside L_C.")
    batch: BatchConfig | None = Field(None, description="Size of its batches; that of the training, if none is set.")


class InjectionConfig(Config):
    """Prompts trained into a language model, with L = L_C + lambda sum of alpha_t L_t."""

    run: Path | None = Field(None, description="Folder of a finished run whose language model is taken.")
    encoder: LanguageEncoderConfig | None = Field(
        None, description="Or a language model, with published weights or random ones; exactly one of the two."
    )
    new_prompts: dict[str, str] = Field(
        min_length=1,
        description="New prompts and what their rows start from: normal, token:<name>, or prompt:<earlier prompt>.",
    )
    active: tuple[str, ...] = Field((), description="Prompts that are on where nobody names others; none by default.")
    tasks: dict[str, TaskConfig] = Field(min_length=1, description="Tasks by name.")
    main: str | None = Field(
        None, description="Task that decides when to stop and how long an epoch is; the first that is injected."
    )
    injection_weight: float = Field(1.0, ge=0, description="Lambda, which multiplies the sum of the injected tasks.")
    freeze_backbone: bool = Field(False, description="Train prompts and heads only.")
    order: Order = Field("mixed", description="mixed: each step holds batches of every task; alternating: in turns.")
    guard: GuardConfig = Field(GuardConfig(), description="What must not be learned from.")
    training: TrainingConfig = Field(TrainingConfig(), description="How it is trained.")

    @model_validator(mode="after")
    def _check_one_model(self) -> "InjectionConfig":
        if (self.run is None) == (self.encoder is None):
            raise ValueError("give the model as `run` or as `encoder`, and not both")
        if self.encoder is not None and self.encoder.prompts is not None:
            raise ValueError("name new prompts under new_prompts, not in the encoder")
        if self.main is not None and self.main not in self.tasks:
            raise ValueError(f"the main task {self.main!r} is not one of {sorted(self.tasks)}")
        return self

    @property
    def main_task(self) -> str:
        """The task that decides when to stop: the one that is set, or the first injected one, or the first."""
        injected = [name for name, task in self.tasks.items() if not task.is_knowledge]
        return self.main or [*injected, *self.tasks][0]

    def weights(self) -> dict[str, float]:
        """Return the weight of each task in the loss."""
        return {
            name: task.alpha if task.is_knowledge else self.injection_weight * task.alpha
            for name, task in self.tasks.items()
        }
