"""A fitted predictor of many properties on disk and in use, and what it says of its own doubt.

- predictor.py: a fitted predictor on disk and in use
- doubt.py: its intervals, sets of classes, known values and domain
- fitted_doubt.py: how these are fitted on held-out families
- judged_doubt.py: how often intervals hold what was measured
- shifted_doubt.py: the same where the bound knows how far a protein is
- labelled_file.py: a predictor judged on a labelled file
- structure_column.py: sequences of structures that a labelled file names
"""
