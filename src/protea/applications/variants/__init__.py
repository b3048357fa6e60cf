"""What mutations do: named, scored without training, learned from measurements, judged.

Objects: a `Mutation` (a stretch of the wild type replaced by other letters) and a `Variant` (some of them together),
both counted from 0 inside and by the numbers of their names outside; a wild type is a plain sequence of letters. Axes:
variant, position (of the wild type), letter (`protein.alphabets.STANDARD_LETTERS`), assay. Scores: higher is fitter.

- mutations.py: mutations and variants, read from their names, checked against the wild type, applied
- wild_type.py: the wild type as a user names it, and as a model reads it
- zero_shot.py: variants scored by language models, five definitions
- likelihood_ratio.py: variants by the likelihood of their whole sequences, from any model that gives one
- site_independent.py: variants by the letters of relatives at each position
- score_models.py: language models and letters of relatives as columns of a comparison
- scoring_files.py: tables of variants in, with scores out
- scan.py: every substitution of every residue
- heat_map.py: a scan as SVG
- scan_page.py: a scan as one HTML page
- scan_files.py: the files of a scan
- evaluation.py: five metrics per assay, means over proteins and classes of function, as ProteinGym
- score_tables.py: CSV tables of measured and scored variants
- evaluation_report.py: an evaluation as Markdown, JSON and CSV
- substitution_scales.py: BLOSUM62, hydropathy, number of mutations as scores
- measured_scan.py: a deep mutational scan from a table
- splits.py: random, by position, by number of mutations, by value, as published
- variant_features.py: columns that a supervised model sees
- external_columns.py: scores and embeddings of other models, by the variants' names
- fitted_columns.py: the columns of a model, with what was fitted to the training variants
- plain_score.py: a score as it is
- catalogue.py: the supervised models (those of `benchmark/learners/` and a plain score) and the splits by name
- comparison.py: models on scans and splits, resumable
- comparison_report.py: a comparison as Markdown and CSV, beside published figures
- measured_table.py: a user's table of measured variants
- scan_model.py: a model of one scan with calibrated intervals, in a folder
- saved_learner.py: fitted learners as arrays, and back
- answer_files.py: its predictions as a table, and what the intervals mean
- interval_check.py: intervals of supervised models at known and at new positions
- interval_report.py: the same as Markdown
"""
