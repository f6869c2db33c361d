"""When a number refused texts that it did not ask for. The column is empty: it is added without writing a row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_link")]
    operations = [
        migrations.AddField(
            model_name="contact",
            name="refused_at",
            field=models.DateTimeField(
                blank=True, help_text="when they refused texts that they did not ask for", null=True
            ),
        ),
    ]
