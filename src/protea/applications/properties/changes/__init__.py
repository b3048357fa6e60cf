"""Changes by mutations: models that are antisymmetric by construction or not, fitted, judged in both directions.

- reversal.py: variants read from the mutant back to the wild type
- site_states.py: residues that mutations touch, before and after
- site_burial.py: how buried they are, where a structure is at hand
- change_function.py: changes that are antisymmetric by construction
- given_changes.py: changes that another tool predicted
- antisymmetry.py: models of changes judged in both directions
- antisymmetry_report.py: the same as Markdown and CSV
- change_predictor.py: a fitted predictor of changes on disk and in use
- labelled_changes.py: it judged on a labelled file of variants
"""
