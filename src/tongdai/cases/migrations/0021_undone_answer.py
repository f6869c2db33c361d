"""An answer that is taken back before anybody was told of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_merged")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="undone_at",
            field=models.DateTimeField(
                help_text="taken back, and its words blanked: only its event knows of it", null=True
            ),
        ),
    ]
