"""The words too common to search for.

Short on purpose: "sans" (sans-abri), "vers" (aller-vers), "hors" (hors zonage), "sous" (sous-dense)
and "non" (non-recours) carry meaning here; so do single consonants (hépatite C, vitamine D). Listed
without accents, since people type them so; "été" and "état" are nouns and are not here.
"""

from typing import Final

from maillage.engines.textsearch.words import fold

_LISTED: Final = (
    "a ai aient ainsi as au aucun aucune aussi autre autres aux avaient avait avant avec avez"
    " avoir avons ayant car ce ceci cela celle celles celui ces cet cette ceux chaque comme"
    " comment dans de depuis des dont du elle elles en entre es est et etaient etais etait"
    " etant etes etre eu eut eux furent fut ici il ils je jusqu jusque la le les leur"
    " leurs lorsque lui ma mais me memes mes moi mon ne ni nos notre nous on ont ou par"
    " parce pas pendant peu peut peuvent plus pour pourquoi puis qu quand que quel quelle"
    " quelles quels qui sa se selon sera seront ses si soit sommes son sont suis"
    " sur ta tandis te tel telle telles tels tes toi ton tous tout toute toutes tres tu un"
    " une vos votre vous y"
)
STOP_WORDS: Final = frozenset(_LISTED.split())


def is_stop_word(word: str) -> bool:
    """Say whether a word, with or without its accents, is too common to search for."""
    return word in STOP_WORDS or (not word.isascii() and fold(word) in STOP_WORDS)
