"""A fresh link that somebody asked for is a purpose of its own, and no longer read out of the beginning of a key.

The rows of before are few (three a number and day), and found by the key's index: one statement.
"""

from django.db import migrations, models

LINKS = "UPDATE people_interaction SET purpose = 'link' WHERE key LIKE 'asked-link:%' AND direction = 'out'"


class Migration(migrations.Migration):
    dependencies = [("people", "0004_readings_on_record")]
    operations = [
        migrations.AlterField(
            model_name="interaction",
            name="purpose",
            field=models.CharField(
                blank=True,
                choices=[
                    ("danger", "Danger"),
                    ("duty", "Duty"),
                    ("code", "Code"),
                    ("link", "Link"),
                    ("answer", "Answer"),
                    ("receipt", "Receipt"),
                    ("reminder", "Reminder"),
                    ("broadcast", "Broadcast"),
                ],
                db_default="",
                help_text="of what goes out",
                max_length=10,
            ),
        ),
        migrations.RunSQL(LINKS, migrations.RunSQL.noop),
    ]
