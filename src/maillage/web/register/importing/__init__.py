"""Spreadsheets into records: read, mapped, tried, brought in once, undone by batch.

`reading`   a CSV or XLSX file → rows of text, whatever its encoding, never too large
`workbook`  the XLSX part of it, in a process that may die of what it reads
`columns`   what a column may hold, the template, the mapping guessed from the header
`trying`    rows → sheets, with an error per cell
`reaching`  what an importer may write about
`opening`   a file → the ledger, each row as it was with what is wrong in it
`steering`  a batch started, stopped, undone, taken up when its worker died
`running`   sheets → records, by an idempotent key, group by group
`undoing`   records → what was there before, group by group; people's work stays
"""
