"""One search over every kind of territory, tolerant of accents, case and typing errors.

`index_of` prepares a store once; `search` asks it.
"""

from maillage.web.territories.search.asking import Found, search
from maillage.web.territories.search.index import TerritoryIndex, index_of

__all__ = ["Found", "TerritoryIndex", "index_of", "search"]
