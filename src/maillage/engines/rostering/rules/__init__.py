"""Each rule, once: what a roster does that it forbids, and its constraint next door.

`rule`         what they have in common: name, article of law, whom it binds
`coverage`     no duty with too few or too many people
`eligibility`  skills, sites accepted, absences, locked cells
`rest`         one place at a time, rest between duties, longest stretch
`totals`       most and least duties, minutes, points over days; weekends; budget
`runs`         days in a row
`grouped`      duties that go together, duties that must or may not follow one another
"""
