"""How several objectives become one loss: means over supervised items, and what each mean is multiplied by.

Objects: a `Weighting` holds a number per objective; a training step asks it for multipliers, and tells it of losses or
of the gradients of each objective where its rule needs them. Fixed weights are the default: tuned fixed weights are as
good as the other rules in fair comparisons (Kurin et al. 2022), which are here to be compared with. Axes: objective.

- mean_losses.py: the fixed weights, and means over the supervised items of a whole step
- interface.py: what a rule of weighting is
- fixed.py: the weights as they are configured
- uncertainty.py: a learned variance per objective (Kendall et al. 2018)
- dynamic_average.py: by how fast losses fall (Liu et al. 2019)
- grad_norm.py: by the norms of gradients (Chen et al. 2018)
- projected_gradients.py: conflicting gradients projected (PCGrad, Yu et al. 2020)
- catalogue.py: every rule by name
"""

from protea.objectives.weighting.mean_losses import check_weights, weighted_loss

__all__ = ["check_weights", "weighted_loss"]
