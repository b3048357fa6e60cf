"""Benchmarks: suites, controls, the grid of runs, the report, parity with published models.

Data flows suite -> grid -> cell (one trained model on one fold and seed) -> predictions -> report. The folder
`profiles` holds ready grids as YAML.

- suites: one file per benchmark
- controls: what the questions yield without an encoder
- report: from the folder of a grid to its tables
- calibration: what predictions say about their own doubt, made true and judged
- search: settings of encoders searched on validation, with one budget
- learners: models of few labels over columns
- collection: many suites under one set of rows, with pretraining, as a paper's tables
- parity: goldens of published models against ours
- cell.py: one cell of a grid and its files
- grid.py: which rows meet which columns
- runner.py: runs missing cells
- best_run.py: which of several runs is the best, ties included
- rate_search.py: which learning rate a row is trained with
- claimed_folder.py: what a folder is for, until something was trained in it
- processes.py: jobs in forked processes, a few at a time
- prepared.py: a source as a store, built once
- predictions.py: stored predictions and metrics from them
- named_grids.py: ready grids by suite and profile
- trained.py: a trained run from its folder
- evaluate.py: a run judged on structures that it has never seen
- evaluate_pairs.py: a run of pairs judged on all pairs of other data
- measured.py: what an evaluation measured
- predict_files.py: a run applied to structure files
- train_run.py: one model on one split of one source
- hidden_letters.py: a language model beside letter statistics at the same hidden residues
- language_export.py: a pretrained language model as one file, with its card
- corpus_curation.py: a corpus without the relatives of what suites test
- environment.py: what the installation can do
- cost.py: parameters and floating-point operations
- machine.py: which machine and code produced a number
"""
