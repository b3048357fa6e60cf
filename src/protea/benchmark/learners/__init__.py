"""Models of few labels over columns: fitted to rows, asked for more; settings are chosen inside the given rows.

Objects: a `LearnerConfig` (settings) is fitted to columns and values and gives a `FittedLearner`, whose `Prediction` is
a mean, and a standard deviation where the model has one. A `RowSplit` is the rows to learn from and the rows to
predict. Axes: row (variant or protein), column.

- row_split.py: rows to learn from and to predict, and folds of them drawn at random
- learner.py: what every learner is
- ridge.py: a line with a penalty
- gaussian_process.py: linear and smooth effects with intervals
- network.py: one hidden layer
- mean.py: the mean, as a control
- few_labels.py: models of `benchmark/calibration/few_labels.py` as learners
- class_shares.py: probabilities of classes from few labels
- stated.py: values with intervals from few labels, of any learner
"""
