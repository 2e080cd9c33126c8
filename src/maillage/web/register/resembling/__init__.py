"""Initiatives of territories that resemble one, on each of its needs, explained line by line.

`needs`     which subjects answer which need of a profile
`choosing`  which initiatives to show, and why each
`part`      the part of a territory's page, and the page behind it

Method: docs/methods/initiatives-semblables.md.
"""
