"""The public interface, version 1: read what is public, page by page, under each record's licence.

`schemas`     what answers hold
`cursors`     where the next page begins
`filters`     those of the list, as parameters
`operations`  the addresses
`frame`       limits, cross-origin header, one shape for every error
`describing`  the page that documents it, made from the OpenAPI document
"""
