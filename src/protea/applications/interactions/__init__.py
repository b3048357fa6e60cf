"""Which proteins interact, and how: models beside controls that read no sequence, new pairs, whole proteomes.

Objects: a `Problem` (a network, which of its pairs are known, what message passing sees), a model (settings that yield
stages), a cell (a model on one split). Axes: protein (row of a network), pair, type (of interaction), column (what is
read of a protein). A pair has no order.

- problem.py: a network to learn from
- protein_columns.py: composition, length, triads of residue classes, stored embeddings
- model.py: what every model is
- controls.py: class prior, all ones, label profile, degree: no sequence is read
- training.py: epochs over labelled pairs
- pair_network.py: a head over two fixed vectors
- graph_network.py: GNN-PPI's message passing over fixed vectors
- label_transfer.py: what the labelled pairs around a pair say of it
- catalogue.py: the models by name
- cell.py: one model on one split, its stage and threshold chosen on validation pairs
- comparison.py: models on splits and seeds, resumable
- protein_inputs.py: the vector or the residues that a model of unseen pairs reads
- pair_predictor.py: a model of unseen pairs in a folder
- pair_fitting.py: such a model fitted to a network
- predicting.py: pairs of a FASTA file asked of it, and their maps of residue pairs
- pair_tables.py: tables of pairs, maps as CSV and SVG
- tiles.py: proteins against all others in tiles, and the best of each
- partner_search.py: the best partners of proteins in a list
- screening.py: all pairs of a proteome in tiles, resumable
- comparison_report.py: a comparison as Markdown and CSV, beside published figures
"""
