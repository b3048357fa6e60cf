"""Pictures of a report as inline SVG: drawn by classes, so that the page's colours (light and dark) apply.

Axes of every picture: x to the right, y down, in units of the view box; a scale maps a value to such a unit.

- axes.py: linear and logarithmic scales, their ticks, and the parts that every picture has
- cost.py: score against cost
- curves.py: learning curves as small multiples
- intervals.py: scores with intervals, and differences from the best control
- ranks.py: mean rank of each row
"""
