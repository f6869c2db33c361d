"""How satisfied a citizen is with an answer."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_withdrawn"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stars", models.PositiveSmallIntegerField(help_text="1 (not at all) to 5 (very)")),
                ("rated_at", models.DateTimeField()),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rating", to="cases.answer"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["rated_at"], include=("stars", "id"), name="cases_ratings")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("stars__gte", 1), ("stars__lte", 5)), name="cases_stars")
                ],
            },
        ),
    ]
