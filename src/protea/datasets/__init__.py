"""Where proteins come from, where they are kept, and how they are split and handed to training.

Objects: a source (a configuration that yields `Protein` records), a `Store` (the records on disk, by row), a
`LabelTable` (values by protein id, joined at load), a `Split` (ids of three parts), a `BatchPlan` (rows of each batch).
Axes: protein (row of a store), residue, atom. Positions in angstrom.

- sources/: one file per source of proteins
- interactions/: networks of interacting proteins, their splits, affinities
- fetching/: files from the network, resumed and checked
- ontology/: terms, hierarchies, axioms and annotations
- columns.py: append-only column files with an atomically replaced manifest
- record_codec.py: how a Protein becomes columns and back, with the stated rounding
- stored_labels.py: the columns of labels that came with the records
- store.py: the store: write as a stream, read by row or by batch, in memory of the size of what was asked for
- building.py: a source written into a store
- code_digest.py: a digest of the code that shapes what caches hold
- column_scale.py: the deviation of columns, 1 where they are constant
- sequence_digest.py: by which a model knows again what it was trained on
- inspection.py: what structure files, folders and archives hold
- opened_table.py: CSV files of a user, refused by name where they are none
- labels.py: label tables by protein id
- number_storage.py: rows of numbers in float32, bf16, float16 or int8
- embedding_rows.py: rows of stored embeddings as float32, tensors or as stored
- embedding_table.py: stored embeddings of a folder, or of shards, as one table
- stored_embeddings.py: embeddings of residues and proteins on disk, joined to batches by protein id
- stored_contacts.py: predicted contacts on disk, joined to batches by protein id
- plddt.py: the label `plddt` of predicted structures
- sequence_search.py: all-against-all search with MMseqs2
- aligned_relatives.py: the relatives of one sequence, each aligned onto its positions
- components.py: families by sequence identity, as connected components
- shared_names.py: groups of items that share a name, directly or through others
- splits.py: random, by group, k-fold over components, given lists
- split_plan.py: a split as a configuration
- curation.py: a corpus made fit for training a language model, as a split
- leakage.py: what a split gives away: duplicates, highest train identity, shared families
- sampling.py: which rows an epoch holds, if not every row once
- loading.py: batches as a pure function of (seed, epoch), and the loader
"""
