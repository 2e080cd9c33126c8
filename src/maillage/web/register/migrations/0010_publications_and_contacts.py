import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("register", "0009_imports_undone_in_steps")]

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "initiative",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="publication",
                        to="register.initiative",
                    ),
                ),
            ],
            options={"verbose_name": "première publication"},
        ),
        migrations.AddField(
            model_name="savedsearch",
            name="told_until",
            field=models.PositiveBigIntegerField(
                default=0, verbose_name="initiatives annoncées jusqu’à la"
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="asked_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="confirmation demandée le"
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="confirmed_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="adresse confirmée le"
            ),
        ),
    ]
