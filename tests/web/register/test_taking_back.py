"""Who sent a sheet takes it back as long as nobody has judged it."""

from django.test import Client
from django.urls import reverse

from maillage.web.accounts.models import User
from maillage.web.register.models import Initiative
from maillage.web.register.models.choices import State
from tests.web.register.conftest import MakeInitiative


def test_an_author_takes_back_what_waits_and_not_what_is_public(make: MakeInitiative, author: User):
    client = Client()
    client.force_login(author)
    waiting, public = (
        make(state, created_by=author) for state in (State.SUBMITTED, State.PUBLISHED)
    )
    url = reverse("register:write", args=[waiting.public_id, "verifier"])
    assert 'value="reprendre"' in client.get(url).text
    assert "de nouveau un brouillon" in client.post(url, {"geste": "reprendre"}, follow=True).text
    waiting.refresh_from_db()
    assert waiting.state == State.DRAFT
    client.post(url, {"geste": "effacer"})
    assert not Initiative.objects.filter(pk=waiting.pk).exists()
    url = reverse("register:write", args=[public.public_id, "verifier"])
    assert 'value="reprendre"' not in client.get(url).text
    assert client.post(url, {"geste": "reprendre"}).status_code == 404
