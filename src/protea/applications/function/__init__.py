"""Function by ontology: terms predicted consistently with their hierarchy, judged beside what must be beaten.

Objects: `KnownClasses` (a hierarchy, its axioms, which classes have training annotations), a `FunctionRun` (K fitted
geometric models), `PredictedTerms` (scores of terms), a `Judgement` (one metric of one answer). Axes: model, protein,
class, column. Degrees and scores in [0, 1]; information in bits.

- labelled_chains.py: PDB chains with terms, published parts, identity bands and sequences from several tables
- known_classes.py: the classes of a study in one order, and closed labels
- sequence_columns.py: what a sequence is made of
- fitting.py: K geometric models
- entailment.py: what holds in all models, and degrees made consistent
- function_run.py: a folder with fitted models, and predicting with them
- naive.py: the frequency of each class
- similarity.py: the nearest training protein, and votes by bits
- logistic.py: one logistic regression per class
- prediction_files.py: predictions as CSV and NPZ
- evaluation.py: five metrics with intervals, per identity band
- asked_terms.py: predictions and annotations under one set of names
- annotated_test.py: predictions put against annotations and an ontology
- comparison.py: all answers on one labelled set
- comparison_report.py: a comparison as Markdown and JSON
"""
