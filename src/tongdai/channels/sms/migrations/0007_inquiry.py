"""The column is renamed in the catalogue alone; Django by itself would check the foreign key of every row anew."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sms", "0006_last_seen"), ("knowledge", "0006_plain_words")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE sms_offer RENAME COLUMN use_id TO inquiry_id",
                    "ALTER TABLE sms_offer RENAME COLUMN inquiry_id TO use_id",
                )
            ],
            state_operations=[migrations.RenameField("offer", "use", "inquiry")],
        )
    ]
