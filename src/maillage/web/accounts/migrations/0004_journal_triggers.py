"""The database refuses to rewrite the journal."""

from django.db import migrations

from maillage.web.accounts.journal.triggers import create_triggers, drop_triggers


def create(apps, schema_editor):
    create_triggers(schema_editor.connection)


def drop(apps, schema_editor):
    drop_triggers(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("accounts", "0003_organisations_and_journal")]

    operations = [migrations.RunPython(create, drop)]
