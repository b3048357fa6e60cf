"""A collection: one set of rows over many suites, with pretraining, as a paper's tables hold it.

config (suites, rows, pretraining) -> pretraining runs -> one grid per suite, pretrained rows beside the others ->
tables. A task is a column, an encoder with its features a row. Everything is resumable: a folder per pretraining run
and per grid.

- config.py: what a collection is, and the grids and pretraining runs that follow from it
- named.py: ready collections by name and profile; their files lie in `profiles`
- run.py: the pretraining runs that are missing, then the grids
- tables.py: the paper's three tables: baseline, pretraining, fine-tuned
- findings.py: what the tables say about the paper's four conclusions, counted
- shared_cells.py: rows held against each other on the cells that all of them have
- ranks.py: ranks of the rows over the tasks
- page.py: the tables and rank plots as Markdown and one HTML page
"""
