"""Finding initiatives: search, filters, lists, maps, files, feeds, alerts, the public interface.

Every public surface asks `asking.answer` with `criteria.Criteria`, which starts from
`Initiative.objects.public()`: what is not public cannot be found by any of them.

`texts`      what of an initiative is searched
`postings`   who has each term and each value of a filter, in the database
`columns`    what ordering needs of each initiative, in the database
`indexing`   keeping both in step
`keeping`    what a web process keeps of the index from one request to the next
`snapshot`   the index as it keeps it in memory
`spelling`   the words of the index, for « did you mean »
`criteria`   what is asked, read from an address
`selecting`  which initiatives answer it
`asking`     the answer: which initiatives, in what order, with which counts
`facets`     counts of every filter
"""
