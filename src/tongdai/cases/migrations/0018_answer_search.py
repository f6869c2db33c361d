"""An answer's words are searched: the column is empty at first, and is filled by night (`cases.search.answer_words`)."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_answer_files")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="search",
            field=django.contrib.postgres.search.SearchVectorField(
                help_text="accent-free words, configuration simple", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=True, fields=["search"], name="cases_answer_search"
            ),
        ),
    ]
