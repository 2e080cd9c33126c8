from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("register", "0011_what_was_known_already")]

    operations = [migrations.RemoveField(model_name="savedsearch", name="seen_until")]
