"""The store: every public file, checked, joined on one geography, ready to be asked questions.

`build` makes a version from a folder of official files, `open_store` opens one for reading.
"""

from maillage.studies.store.reading import Store, open_store

__all__ = ["Store", "open_store"]
