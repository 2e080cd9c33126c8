from django.db import migrations


class Migration(migrations.Migration):
    """Each entry of the index says what made it: the index as a whole no longer does."""

    dependencies = [
        ('register', '0012_searches_without_clock'),
    ]

    operations = [
        migrations.RemoveField(model_name='searchstate', name='fingerprint'),
    ]
