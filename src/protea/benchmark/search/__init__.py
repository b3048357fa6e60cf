"""Settings of encoders searched on validation, with the same budget for every encoder.

A trial is one training of one encoder with proposed settings, judged on the validation part of the first fold; the test
part is not read. A folder holds one comparison: its budget, its data and how proposals are made are settled by the
first search, and the same for all encoders. Objects: a `SearchSpace`, a `Budget`, an `Outcome`.

- space.py: which settings may be which values
- budget.py: what every encoder of a comparison gets
- proposals.py: what is tried next
- trials.py: trials on many machines, resumed
- outcome.py: the settings that were found
"""

__all__: list[str] = []
