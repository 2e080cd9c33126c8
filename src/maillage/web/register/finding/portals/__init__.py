"""Portals: the page of an organisation, in its colours, with its selection of initiatives.

`showing` is what visitors see, `editing` what the organisation's managers do; between them `forms`
and `actions`, `colours` that can be read, and `logos` that hold an image and nothing else.
"""
