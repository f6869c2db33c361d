"""Since when an agency sees who sent a case whose topic hides it. The column is null: no row is written anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_handler")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="sender_shown_at",
            field=models.DateTimeField(
                help_text="of a topic that hides who sent a case: since when this agency sees it, and has said why",
                null=True,
            ),
        ),
    ]
