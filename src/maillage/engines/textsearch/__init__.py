"""Finding French texts: what to store, what to look for, in what order, and what was misspelt.

`words`, `stems`, `stop_words`  from characters to the stems of words
`lexicon`                       acronyms and families of words, given as data
`analyser`                      texts into terms, queries into terms asked for
`spelling`, `correction`        the words that a misspelt query may have meant
`ranking`                       which texts answer, the best first: the plain reference
`postings`                      the same, fast, from what a database stores
`highlight`                     where a text answers, for extracts
"""
