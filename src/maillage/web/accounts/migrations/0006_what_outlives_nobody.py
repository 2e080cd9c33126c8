import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def say_who_is_named(apps, schema_editor):
    """Tie what was told of somebody's coming to their account, for members who still are."""
    Membership = apps.get_model("accounts", "Membership")
    Notice = apps.get_model("accounts", "Notice")
    for pk, user_id in Membership.objects.values_list("pk", "user_id").iterator():
        Notice.objects.filter(fact=f"membership:{pk}:begun").update(about=user_id)


def say_that_invitations_left(apps, schema_editor):
    apps.get_model("accounts", "Invitation").objects.update(mailed_at=F("created_at"))


def drop_scope_that_opened_nothing(apps, schema_editor):
    ApiKey = apps.get_model("accounts", "ApiKey")
    for key in ApiKey.objects.filter(scopes__contains="write"):
        key.scopes = " ".join(one for one in key.scopes.split() if one != "write")
        key.save(update_fields=["scopes"])


def drop_numbers_of_professionals(apps, schema_editor):
    for account in apps.get_model("socialaccount", "SocialAccount").objects.all():
        if account.extra_data.get("userinfo", {}).pop("rpps", ""):
            account.save(update_fields=["extra_data"])


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0005_keys_limits_and_notices"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="mailed_at",
            field=models.DateTimeField(null=True, verbose_name="partie par courriel le"),
        ),
        migrations.AddField(
            model_name="notice",
            name="about",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(say_who_is_named, migrations.RunPython.noop),
        migrations.RunPython(say_that_invitations_left, migrations.RunPython.noop),
        migrations.RunPython(drop_scope_that_opened_nothing, migrations.RunPython.noop),
        migrations.RunPython(drop_numbers_of_professionals, migrations.RunPython.noop),
    ]
