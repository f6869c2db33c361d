"""English: a column with a constant default, which rewrites no row, and an empty table.

The same phrase may be said in both languages (`VNeID`), so the language is part of what makes an alias one.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0007_plain_text")]

    operations = [
        migrations.AddField(model_name="alias", name="language", field=models.CharField(default="vi", max_length=5)),
        migrations.RemoveConstraint(model_name="alias", name="knowledge_one_alias"),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.UniqueConstraint(
                fields=("procedure", "article", "language", "phrase"),
                name="knowledge_one_alias",
                nulls_distinct=False,
            ),
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(default="en", max_length=5)),
                ("digest", models.CharField(help_text="SHA-256 of the Vietnamese text", max_length=64)),
                ("vietnamese", models.TextField()),
                ("text", models.TextField()),
                (
                    "origin",
                    models.CharField(
                        choices=[("starter", "có sẵn"), ("editor", "biên tập viên")], default="editor", max_length=8
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("language", "digest"), name="knowledge_one_translation")
                ]
            },
        ),
    ]
