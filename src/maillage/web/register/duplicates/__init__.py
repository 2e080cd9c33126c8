"""Records that may be one and the same: shown to whoever writes, never merged by a machine.

`likeness`    how much two sheets are alike, from 0 to 1
`blocks`      the keys that bring candidates together, kept in step with records
`reasons`     what a record has in common with a sheet, told to whoever writes
`suggesting`  the records most like a sheet, from the database
"""
