"""The report of a grid: from its folder to a leaderboard that a reader can check, as Markdown, CSV and one HTML page.

Objects. A `cell` is one trained model on one fold and seed; a `row` is what is compared (encoder, scheme, auxiliary),
or a control; a `column` is a task's predictions on one input variant, judged by one metric. A row's score is the mean
over folds of the mean over seeds. Intervals and tests are of the mean over folds (first seed): whole units (identity
components) are resampled within each fold, and all rows share the draws. Axes: item, protein, resample. What is missing
is named, never left out in silence.

- build.py: the report as one object
- collect.py: what the folder holds, and what it lacks
- columns.py: which predictions are judged by which metric; scores
- compare.py: paired tests against the best control, Holm's correction, detectable difference
- facts.py: the header
- figures: pictures as inline SVG
- markdown.py: the report as Markdown
- markup.py: elements of HTML and SVG
- matrix.py: diagnostics against what was stated beforehand
- mean_over_folds.py: the mean over folds of a metric under shared bootstrap draws
- page.py: the HTML page
- page_matrix.py: the matrices of the page
- page_frame.py: the frame of a page, and sections
- page_notes.py: notes on the data of the page
- page_table.py: the tables of the page
- prose.py: the finding in sentences
- ranks.py: mean ranks
- rows.py: the rows of the leaderboard
- subsets.py: predictions on a subset of the proteins
- tables.py: the tables, once for every output
- terminal.py: the leaderboard in a terminal
- validity.py: whether a row learned anything
- wording.py: numbers and lists as people read them
- write.py: writes the files
"""
