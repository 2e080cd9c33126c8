"""A walk from roster to roster by small exchanges: quick, blind to bounds, held to every rule.

`rows`      the constraints that the rules wrote for the solver, as arrays
`exchange`  compiled: one exchange after the other, kept when it helps, or by chance
`walking`   a problem laid out for it, pressed level by level
"""
