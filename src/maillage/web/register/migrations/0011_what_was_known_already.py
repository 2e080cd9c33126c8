from django.db import migrations
from django.db.models import Max


def number_publications(apps, schema_editor):
    """Number what was published in the order of its dates; followed searches begin there."""
    Initiative = apps.get_model("register", "Initiative")
    Publication = apps.get_model("register", "Publication")
    published = Initiative.objects.filter(published_at__isnull=False)
    keys = published.order_by("published_at", "pk").values_list("pk", flat=True)
    Publication.objects.bulk_create(
        (Publication(initiative_id=key) for key in keys.iterator()), batch_size=1_000
    )
    for saved in apps.get_model("register", "SavedSearch").objects.all():
        known = Publication.objects.filter(initiative__published_at__lte=saved.seen_until)
        saved.told_until = known.aggregate(last=Max("number"))["last"] or 0
        saved.save(update_fields=["told_until"])


def confirm_own_addresses(apps, schema_editor):
    """An address that its account, or the link of the contribution, has proven needs no more."""
    Contact = apps.get_model("register", "Contact")
    waiting = Contact.objects.exclude(email="").select_related("initiative__created_by")
    for contact in waiting:
        initiative = contact.initiative
        contribution = getattr(initiative, "contribution", None)
        if initiative.created_by is not None and (
            initiative.created_by.email == contact.email.lower()
        ):
            contact.confirmed_at = initiative.created_at
        elif contribution is not None and contribution.email == contact.email.lower():
            contact.confirmed_at = contribution.confirmed_at
        contact.save(update_fields=["confirmed_at"])


class Migration(migrations.Migration):

    dependencies = [("register", "0010_publications_and_contacts")]

    operations = [
        migrations.RunPython(number_publications, migrations.RunPython.noop),
        migrations.RunPython(confirm_own_addresses, migrations.RunPython.noop),
    ]
