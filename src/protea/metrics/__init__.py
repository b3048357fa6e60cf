"""The metrics of Protea: one per file, on whole arrays, with intervals and paired tests; no metric knows a model.

Objects. A metric is called as ``metric(target, score, mask=None) -> float`` on the arrays of a whole data set, never on
batches whose values are then averaged. ``target`` holds what is true; the second array holds what a model gave: a
score (any real number, higher means more likely), a class, a value, logits, a probability, a Gaussian or an interval:
see `catalogue.Metric.needs`.

Axes. `sample` is one scored entry: a residue, a protein, or one label of one protein. Arrays of any shape are
flattened, except where a metric needs rows: `fmax`, `smin` and those ending in `_macro` or `_protein` take
``[protein, label]``. Logits
are ``[..., class]``, a Gaussian is ``[..., 2]`` (mean, sigma), an interval ``[..., 2]`` (low, high). ``mask`` (True:
counted) has the target's shape or its leading axes. A `unit` is what is resampled whole (a protein, a cluster); an
array of unit ids has the target's leading axes too.

One definition, two uses: every metric also exists as ``*_by_unit(target, score, mask, unit)``, which sorts and sums
once and returns a function of how often each unit is counted. The metric itself counts each once, a bootstrap
resample counts as drawn; so a thousand resamples cost a thousand sums, not a thousand sorts.

Undefined is an error: one class only (AUROC), no positive (AUPRC), a constant (correlations) raise `UndefinedMetric`;
NaN among counted entries, wrong shapes and wrong types raise `InputError`. Units: RMSE, MAE, CRPS, widths and retention
areas have the target's unit, perplexity and likelihoods use natural logarithms, everything else is a pure number.
Arrays are annotated loosely at this border, because their shapes are checked here with our own error.

- accuracy.py: share of samples whose class is right
- antisymmetry.py: correlation and bias of a change predicted in both directions
- auprc.py: average precision, over all entries or as a mean over labels
- auprc_protein.py: area under the protein-centric precision-recall curve, as DeepGO reports it
- auroc.py: area under the ROC curve, over all entries or as a mean over labels
- bootstrap.py: interval of a metric by resampling whole units
- brier.py: Brier score of probabilities, binary or over classes
- catalogue.py: every metric by name, with its direction, its input and its chance level
- class_counts.py: right, true and predicted samples per class, for F1 and MCC
- crps.py: continuous ranked probability score, of Gaussians or of draws
- ece.py: expected calibration error, binary or of the predicted class, in bins of equal width or mass
- error_sigma_correlation.py: rank correlation of |error| and sigma
- f1.py: macro-F1
- micro_f1.py: F1 over all cells of samples and labels together
- micro_f1_best.py: the same at the best threshold
- fmax.py: protein-centric F-max, weighted too, and the softmax variant under its own name
- gaussian_nll.py: negative log likelihood of predicted Gaussians
- holm.py: Holm correction of several p-values
- interval_coverage.py: share of targets inside their intervals
- interval_score.py: width with a price for targets outside
- interval_width.py: mean width of intervals
- label_weights.py: the metrics that weigh labels, for given weights
- macro.py: the mean of a binary metric over labels
- mae.py: mean absolute error
- mcc.py: Matthews correlation coefficient, two or more classes
- mean.py: weighted mean over samples as a function of unit counts
- miscalibration_area.py: distance of coverage from its claim, over all levels
- ndcg.py: discounted gain of the tenth with the highest scores
- paired.py: difference of two models, by unit or over folds, with its p-value
- pearson.py: Pearson correlation
- perplexity.py: exponential of the mean cross entropy
- pinball.py: loss of a predicted quantile
- power.py: smallest difference that a comparison can detect
- precision_at_l.py: share of contacts among the best pairs of residues, by separation
- protein_curve.py: precision and recall averaged over proteins, at every threshold
- ranking.py: samples in order of their score, ties grouped, for AUPRC, AUROC and Spearman
- ranks.py: mean rank of each method over settings
- resamples.py: the bootstrap draws: how often each unit is counted
- retention.py: area of the error-retention curve, and its ratio to the oracle
- rmse.py: root mean squared error
- samples.py: the counted samples of two arrays, checked
- sharpness.py: root of the mean predicted variance
- smin.py: least semantic distance, in bits
- spearman.py: Spearman correlation
- spearman_within.py: the same within groups, as a mean over groups
- stated_uncertainty.py: counted samples with a stated Gaussian, interval or probability
- top_recall.py: share of the best tenth that a score finds
- undefined.py: the error of a metric that has no value on the given data
"""
