"""A case may follow another one about the same matter; a file of the storage may go with the answers of several cases."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_drafts")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="duplicate_of",
            field=models.ForeignKey(
                db_index=False,
                help_text="the main case, which is about the same matter: what that is answered, this one is answered",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duplicates",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="merged_at",
            field=models.DateTimeField(help_text="since when it follows its main case", null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="has_duplicates",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="others were merged into it, once at least: they are looked for",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("duplicate_of__isnull", False)), fields=["duplicate_of"], name="cases_merged"
            ),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="file",
            field=models.CharField(
                help_text="name in the storage; of answers to merged cases, in several rows", max_length=120
            ),
        ),
        migrations.AddIndex(model_name="attachment", index=models.Index(fields=["file"], name="cases_files")),
    ]
