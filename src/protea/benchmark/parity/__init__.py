"""Parity with published models: reference inputs, weights and outputs against what Protea makes of them.

A golden is a folder: `card.md` (what it is, and the tolerance), `config.json`, `inputs.npz`, `outputs.npz` (float32),
`outputs64.npz` (the same in float64), `weights.safetensors` by the original names. What a golden holds is told by its
content, never by its name. Every comparison is max |difference| / max |reference| against the card's tolerance.

- golden.py: a golden on disk, and goldens below a folder
- comparison.py: one compared output, and the report of one golden
- card.py: the tolerances that a card states
- named_outputs.py: outputs that a card names and a golden lacks
- settings.py: settings of goldens that we refuse
- published_encoders.py: from the original's configuration to ours
- constructor_defaults.py: what the originals' constructors take for settings left out
- encoders.py: encoders from their weights
- published_language_models.py: from keys and settings of a language model to ours
- language.py: language models from their weights
- prompted_language.py: language models under published prompts
- language_outputs.py: what a pass of one gives, by the names of goldens
- variant_scores.py: scores of variants by a language model
- features.py: residue features, their columns and where angles are defined
- edges.py: graphs and edge features
- classification.py: F-max, AUPRC, perplexity, accuracy
- interaction_models.py: GNN-PPI from its weights, with its decisions and their metrics
- objectives.py: heads from their weights, chains rebuilt with torsional noise
- ontology.py: DeepGO-SE's geometric model: axioms, truth degrees, losses, closure
- structures.py: RMSD, TM-score, lDDT
- interaction_splits.py: lists of pairs drawn from an interaction network
- check.py: `check_golden`: which kind a golden is, and its report
"""
