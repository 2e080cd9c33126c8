"""Records that may be one and the same: shown to whoever writes, never merged by a machine.

`likeness`    how much two sheets are alike, from 0 to 1
`blocks`      the keys that bring candidates together, kept in step with records
`suggesting`  the records most like a sheet, from the database
"""
