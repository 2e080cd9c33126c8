"""Finding initiatives: search, filters, lists, maps, files, feeds, alerts, the public interface.

Every public surface asks `asking.answer` with `criteria.Criteria`, which starts from
`Initiative.objects.public()`: what is not public cannot be found by any of them.

`texts`      what of an initiative is searched
`databases`  full text in SQLite and in PostgreSQL
`indexing`   keeping the index in step
`spelling`   the words of the index, for « did you mean »
`criteria`   what is asked, read from an address
`asking`     the answer: which initiatives, in what order, with which counts
`facets`     counts of every filter
"""
