"""Who of the agency works on a case. The column is null and its index holds only those who do now: no row is written anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_undone_answer"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="handler",
            field=models.ForeignKey(
                db_index=False,
                help_text="who of the agency works on it: whoever accepted it, until it is delegated",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("ended_at", None), ("handler__isnull", False)),
                fields=["handler"],
                name="cases_handled",
            ),
        ),
    ]
