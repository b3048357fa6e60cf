"""Training: one thin loop over Lightning Fabric, and what it needs.

Data flows batch -> corrupt -> targets -> features -> encoder -> predictions -> loss; each step is a call in `loop.py`.

- config.py: optimiser, schedule, stopping, precision, workers
- model.py: scheme, graph, encoder and objectives of one run
- data.py: batches in an order that a resumed run repeats
- mixing.py: objectives with data of their own, in one training
- pair_rows.py: pairs of proteins as rows, and pairs that are drawn anew for each pass
- task_sampling.py: passes in which small tasks come up more often
- stored_inputs.py: the embeddings that a scheme asks for, joined as batches are loaded
- start.py: weights that come from another run or a published file
- balancing.py: where a rule of weighting meets a training step
- schedules.py: how the learning rate moves
- averaging.py: the moving average of the weights
- loop.py: the training loop, resume, early stopping
- evaluation.py: predictions over a whole data set and metrics on them
- shared_evaluation.py: the same by all processes of a training
- checkpoint.py: the state of a run on disk
- progress.py: the log of epochs
- trackers.py: the log as TensorBoard and W&B draw it
- device.py: the device that a name stands for
"""
