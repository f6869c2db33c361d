"""Whoever left no number follows the case by its code and a PIN, of which the keyed hash is kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_event_of_a_text")]
    operations = [
        migrations.CreateModel(
            name="CasePin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pin", to="cases.case"
                    ),
                ),
            ],
        ),
    ]
