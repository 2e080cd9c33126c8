"""The sheet of an initiative as one value: what it may hold, checks, storage, differences.

`fields`       every field, listed once: forms, imports, exports and pages are made from it
`checking`     a sheet as given → the sheet as kept, or the list of what is wrong
`places`       territories as people write them
`storing`      between a sheet and the rows of the database
`differences`  what differs between two sheets, for people
`markdown`     the little Markdown that a description may hold, made safe
"""
