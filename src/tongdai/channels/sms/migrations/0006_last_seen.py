from django.db import migrations


class Migration(migrations.Migration):
    """A column is renamed in the catalogue alone."""

    dependencies = [("sms", "0005_plain_words")]
    operations = [migrations.RenameField("link", "heard_at", "last_seen_at")]
