"""Who is on duty when: rosters of gardes and astreintes, shared between establishments.

`case`, `roster`          the facts (period, people, duties, travel); who holds what
`rules`                   each rule as written (named breaches), its constraint next door
`wishes`, `fairness`      what people ask for; what each should carry, history included
`problem`, `levels`       everything that defines one question; what is minimised, in order
`model`, `solving`        CP-SAT over the pairs that are free; best roster, bound and gap by level
`repairing`, `explaining` smallest change; why a duty is empty, why me, what freeing me costs
`walk`, `neighbourhoods`  quick exchanges; what to set free for the solver
`bounding`                what no roster goes under
`search`                  people × days × lines, for large cases
"""
