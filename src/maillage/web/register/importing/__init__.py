"""Spreadsheets into records: read, mapped, tried, brought in once, undone by batch.

`reading`   a CSV or XLSX file → rows of text, whatever its encoding, never too large
`workbook`  the XLSX part of it, in a process that may die of what it reads
`columns`   what a column may hold, the template, the mapping guessed from the header
`trying`    rows → sheets, with an error per cell
`running`   sheets → records, by an idempotent key; the ledger; undoing
"""
