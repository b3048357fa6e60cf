"""Calibration: what predictions say about their own doubt, made true on held-out items, and judged.

Objects. A `calibrator` is fitted on held-out (validation) items and used on new ones; it is a frozen configuration of
plain numbers, written as JSON (`catalogue.py`). A `unit` is what is exchangeable: the protein where items are residues.
An interval is (low, high) in the label's unit. Axes: item, unit, bound, class. Levels are nominal coverages (0.9).

- order_statistic.py: the k-th smallest score, with units and with weights; infinite with too few
- split_conformal.py: intervals of one width, or in proportion to sigma
- mondrian.py: a bound per group
- quantile_conformal.py: predicted quantiles, moved
- weighted_conformal.py: intervals under a shift of the inputs
- likelihood_ratio.py: the weights of such a shift
- cross_conformal.py: intervals from cross-validation (CV+, jackknife+)
- sigma_scaling.py: one factor on sigma
- temperature.py: one factor on logits
- platt.py: a logistic curve of the logit
- platt_band.py: the same with the spread of its fit
- isotonic.py: a rising curve of the probability
- class_sets.py: sets of classes
- calibrator.py: the base of fitted calibrators
- catalogue.py: the union of fitted calibrators, written and read
- coverage_band.py: how far coverage lies from its level by chance
- resplit_band.py: the same where items come in units
- ensemble.py: several models as one prediction
- mc_dropout.py: one model with dropout left on
- last_layer_laplace.py: the last layer as a Bayesian model
- few_labels.py: Gaussian process and Bayesian ridge on embeddings
- domain.py: distance to the training set in embedding space
- identity_to_training.py: sequence identity to the training set, and bands
- shift_table.py: coverage, width and error by band
- held.py: predictions with their truth, of items that were not trained on
- stored_parts.py: such parts from the folder of a run
- outside_table.py: such parts from a table of any tool
- judge.py: ways of stating doubt, fitted to one part and judged on another
- judge_values.py: the ways that state intervals
- measuring.py: their metrics, and the chance of their coverage
- judgement.py: what they are worth, as one object
- judgement_page.py: the same as tables, Markdown and a page
- figures.py: pictures of it
"""
