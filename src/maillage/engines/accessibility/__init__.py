"""How people reach care: travel times, catchments, access measures, what-if, placement.

`decay`, `activity`, `standardisation`  the parameters of a measure, dated and checked
`catchment`                             who needs care, who gives it, the minutes between them
`methods`, `apl`                        access measures behind one interface
`aggregation`                           from communes to territories
`scenario`, `moves`                     what a change of supply does to the published APL
`placement`, `one_more`                 where more supply would help most
`threshold`                             who has little access, and who stops or begins to
`crow_fly`, `nearest`, `roads`          minutes between places
"""
