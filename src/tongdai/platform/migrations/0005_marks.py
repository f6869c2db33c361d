"""A digest of the city's key and the name of its storage: a machine that has others is told so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform", "0004_edition_and_backups")]

    operations = [
        migrations.AddField("installation", "key_mark", models.CharField(default="", max_length=64)),
        migrations.AddField("installation", "storage_mark", models.CharField(default="", max_length=64)),
    ]
