"""Measured properties of proteins, residues, variants and pairs: what they are, from which labels, judged how.

Objects: a `Property` (one YAML block), its `Examples` (each sequence or variant once, with what was left out and why),
a `Partition` of them (whole families to one side), a `FittedTransform` from labels to what a model learns. Axes:
example, residue, class. Positions count from 0 inside. A number has the property's unit and sign everywhere outside a
model.

- property.py: what a property is
- cells.py: how a label is written in a cell
- tables.py: the tables that examples are read from
- numbered_residues.py: residues named by entry, chain and number
- examples.py: examples, and what repeats among them becomes
- transforms.py: from labels to what a model learns, and back
- columns.py: what cheap models see
- learners.py: ridge and logistic regression, and the answers that look at nothing or at the nearest
- linear_answer.py: a linear map of columns, as arrays
- column_answers.py: properties of a predictor that such a map answers
- judging.py: metrics of answers in the unit of the label
- baselines.py: cheap models beside the controls, on every split
- baseline_report.py: the same as Markdown
- few_shot.py: what 10 to 100 labels are worth, beside their mean
- few_shot_report.py: the same as Markdown and CSV
- acquisition.py: which candidates to measure next
- active_learning.py: rounds of measuring, played on a measured set
- active_learning_report.py: the same as Markdown and CSV, with what was not shown in words
- joint_data.py: several properties as one set of proteins
- label_decoder.py: properties written by one decoder
- multi_task.py: one encoder for many properties, and one for each
- multi_task_report.py: the same as Markdown
- predictor.py: a fitted predictor on disk and in use
- doubt.py: its intervals, sets of classes, known values and domain
- fitted_doubt.py: how these are fitted on held-out families
- judged_doubt.py: how often intervals hold what was measured
- labelled_file.py: a predictor judged on a labelled file
- structure_column.py: sequences of structures that a labelled file names
- reversal.py: variants read from the mutant back to the wild type
- site_states.py: residues that mutations touch, before and after
- site_burial.py: how buried they are, where a structure is at hand
- change_function.py: changes that are antisymmetric by construction
- given_changes.py: changes that another tool predicted
- antisymmetry.py: models of changes judged in both directions
- antisymmetry_report.py: the same as Markdown and CSV
- change_predictor.py: a fitted predictor of changes on disk and in use
- labelled_changes.py: it judged on a labelled file of variants
- layer_probe.py: what is known at which depth of a language model
- partition.py: training, validation and tests, and what leaks
- catalogue.py: the built-in properties (`built_in/*.yaml`), and what is absent
"""
