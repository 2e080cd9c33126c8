"""The table of the cache, in which attempts are counted for all web processes together."""

from django.core.management import call_command
from django.db import migrations


def create_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [("accounts", "0001_user")]

    operations = [migrations.RunPython(create_table, migrations.RunPython.noop)]
