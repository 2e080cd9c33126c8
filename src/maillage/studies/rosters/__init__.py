"""Duty rosters for those who share them: from dates and law to the engine, and back to French.

`lines`    recurring duty lines → duties of a period, true to the clock and the calendar
`law`      the reviewed legal parameters as rules of the engine, each with its article
`solving`  a search that can be watched and stopped
`equity`   what each carries, beside what would be fair
`words`    breaches, reasons, conflicts and changes in French
`moments`  dates, hours, durations and amounts in French
"""
