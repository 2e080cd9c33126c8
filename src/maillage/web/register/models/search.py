"""The search index, and the searches that people follow."""

from django.db import models

from maillage.web.register.models.initiative import Initiative, new_public_id


class SearchEntry(models.Model):
    """A public initiative as the search reads it; there is none for what is not public.

    What is in the index cannot be deleted: it is taken back first, and its words with it.

    terms   the terms it answers to, each once
    facets  the values of filters that it has, "filter=value", each once
    words   its words as written, for the vocabulary of « did you mean »
    indexed_version  the version and the time of the record, and what made the entry of it
    """

    initiative = models.OneToOneField(
        Initiative, on_delete=models.PROTECT, primary_key=True, related_name="search_entry"
    )
    terms = models.TextField()
    facets = models.TextField(default="")
    words = models.TextField()
    indexed_version = models.CharField(max_length=40)

    class Meta:
        verbose_name = "entrée de recherche"

    def __str__(self) -> str:
        return f"search entry of {self.initiative_id}"


class SearchPosting(models.Model):
    """The entries of one block of numbers that have one term (`engines.textsearch.postings`).

    facet  the filter whose value `term` is; empty for a term of texts
    """

    facet = models.CharField(max_length=20, blank=True)
    term = models.CharField(max_length=200)
    block = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = "présence d’un terme"
        constraints = [
            models.UniqueConstraint(
                fields=["facet", "term", "block"], name="register_posting_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facet}={self.term}, block {self.block}"


class SearchColumns(models.Model):
    """What ordering needs of each entry of one block of numbers (`finding.columns`)."""

    block = models.PositiveIntegerField(primary_key=True)
    data = models.BinaryField()

    class Meta:
        verbose_name = "colonnes de recherche"

    def __str__(self) -> str:
        return f"columns of block {self.block}"


class SearchWord(models.Model):
    """How often a word is written in the entries, accents kept."""

    word = models.CharField(max_length=200, primary_key=True)
    count = models.IntegerField()

    class Meta:
        verbose_name = "mot"

    def __str__(self) -> str:
        return self.word


class SearchState(models.Model):
    """The index as a whole: one row, locked while the index changes.

    revision  goes up with every change; its last 31 bits are drawn by chance, so that no two states
              share one, not even a state taken back with its transaction
    n_texts   number of entries
    lengths   number of terms of all the entries, field by field
    """

    revision = models.PositiveBigIntegerField(default=0)
    n_texts = models.PositiveIntegerField(default=0)
    lengths: models.JSONField[list[int], list[int]] = models.JSONField(default=list)

    class Meta:
        verbose_name = "état de l’index"

    def __str__(self) -> str:
        return f"index {self.revision}"


class Publication(models.Model):
    """An initiative became public for the first time (`finding.publications`).

    number  in the order in which that was committed
    """

    number = models.BigAutoField(primary_key=True)
    initiative = models.OneToOneField(
        Initiative, on_delete=models.CASCADE, related_name="publication"
    )

    class Meta:
        verbose_name = "première publication"

    def __str__(self) -> str:
        return f"{self.number}: {self.initiative_id}"


class SavedSearch(models.Model):
    """A search that somebody follows by e-mail, without account.

    query         as in the address of the list, made canonical
    confirmed_at  none until the person has followed the link of the first message
    told_until    number of the last publication of which the person knows
    """

    class Rhythm(models.TextChoices):
        """How often at most a message is sent."""

        DAILY = "daily", "chaque jour"
        WEEKLY = "weekly", "chaque semaine"

    public_id = models.CharField(max_length=10, unique=True, default=new_public_id, editable=False)
    email = models.EmailField("adresse électronique", max_length=254)
    query = models.CharField(max_length=2000, blank=True)
    title = models.CharField("recherche", max_length=300)
    rhythm = models.CharField("rythme", max_length=6, choices=Rhythm, default=Rhythm.WEEKLY)
    created_at = models.DateTimeField("demandée le")
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True)
    told_until = models.PositiveBigIntegerField("initiatives annoncées jusqu’à la", default=0)
    sent_at = models.DateTimeField("dernier message le", null=True, blank=True)

    class Meta:
        verbose_name = "recherche suivie"
        constraints = [
            models.UniqueConstraint(fields=["email", "query"], name="register_one_alert_each"),
        ]

    def __str__(self) -> str:
        return self.title
