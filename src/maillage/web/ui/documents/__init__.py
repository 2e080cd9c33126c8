"""The guide and the method pages: the Markdown of `docs/`, shown by the site as it is.

`shelves` finds the files and puts them in order, `markdown` turns one into HTML, `views` shows it.
"""
