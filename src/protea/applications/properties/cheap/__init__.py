"""What is known without a trained encoder: columns, models of them, and the controls that every other model is held to.

Axes: example, column, answer.

- columns.py: what cheap models see
- learners.py: ridge and logistic regression, and the answers that look at nothing or at the nearest
- linear_answer.py: a linear map of columns, as arrays
- baselines.py: cheap models beside the controls, on every split
- baseline_report.py: the same as Markdown
- layer_probe.py: what is known at which depth of a language model
"""
