"""Applications joined into one answer: what is said of a protein, as tables and as a page.

Objects: an `Answer` (one property of one protein: value, interval, how familiar the protein is), a `Track` (a property
along the sequence), `ProteinAnswers` (all of both). Axes: protein, residue.

- predictor.py: a predictor in use
- shipped.py: the one that comes with the package
- many.py: any number of proteins, in parts, resumed
- answering.py: from numbers to answers and tracks
- answer.py: answers, tracks, intervals
- tables.py: answers as CSV, Parquet, JSON
- cards.py: an answer as a card
- track_picture.py: tracks as a picture
- report_page.py: the HTML page
"""
