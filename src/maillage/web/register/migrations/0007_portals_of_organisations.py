"""Portals belong to an organisation. No page could make one before: none is lost."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_keys_limits_and_notices'),
        ('register', '0006_relay_reminders'),
    ]

    operations = [
        migrations.DeleteModel(name='Portal'),
        migrations.CreateModel(
            name='Portal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='adresse')),
                ('name', models.CharField(max_length=150, verbose_name='nom')),
                ('introduction', models.TextField(blank=True, max_length=2000, verbose_name='présentation')),
                ('query', models.CharField(blank=True, max_length=2000, verbose_name='filtres')),
                ('colour', models.CharField(default='0b6b6b', max_length=6, verbose_name='couleur du bandeau')),
                ('accent', models.CharField(default='0b6b6b', max_length=6, verbose_name='couleur des boutons')),
                ('logo', models.BinaryField(blank=True, null=True)),
                ('is_open', models.BooleanField(default=False, verbose_name='publié')),
                ('highlighted', models.ManyToManyField(blank=True, related_name='+', to='register.initiative', verbose_name='mises en avant')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='portals', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'portail',
                'ordering': ['name', 'pk'],
            },
        ),
    ]
