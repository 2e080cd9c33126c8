import django.db.models.deletion
from django.db import migrations, models

from maillage.web.register.migrations import _fulltext


def forget_index(apps, schema_editor):
    """Empty the index: `index_initiatives` builds it again in its new form, or in the former."""
    for name in ("SearchEntry", "SearchWord", "SearchState"):
        apps.get_model("register", name).objects.all().delete()


def store_plainly(apps, schema_editor):
    """Spare PostgreSQL from compressing arrays that do not compress."""
    if schema_editor.connection.vendor == "postgresql":
        for table in ("register_searchposting", "register_searchcolumns"):
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN data SET STORAGE EXTERNAL")


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0007_portals_of_organisations'),
    ]

    operations = [
        migrations.RunPython(_fulltext.drop, _fulltext.create),
        migrations.RunPython(forget_index, migrations.RunPython.noop),
        migrations.DeleteModel(name='SearchTerm'),
        migrations.RemoveField(model_name='searchentry', name='packed'),
        migrations.AddField(
            model_name='searchentry',
            name='facets',
            field=models.TextField(default=''),
        ),
        migrations.AlterField(
            model_name='searchentry',
            name='initiative',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='search_entry', serialize=False, to='register.initiative'),
        ),
        migrations.CreateModel(
            name='SearchPosting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facet', models.CharField(blank=True, max_length=20)),
                ('term', models.CharField(max_length=200)),
                ('block', models.PositiveIntegerField()),
                ('data', models.BinaryField()),
            ],
            options={
                'verbose_name': 'présence d’un terme',
                'constraints': [models.UniqueConstraint(fields=('facet', 'term', 'block'), name='register_posting_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchColumns',
            fields=[
                ('block', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('data', models.BinaryField()),
            ],
            options={
                'verbose_name': 'colonnes de recherche',
            },
        ),
        migrations.RunPython(store_plainly, migrations.RunPython.noop),
        migrations.RunPython(migrations.RunPython.noop, forget_index),
    ]
