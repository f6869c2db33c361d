"""What goes out says what it is for, and waits in that order.

The columns' constant defaults are no rewrite of the table. Only what still waits, and the texts to the person on duty
(kept from the citizens' page by their purpose), are given theirs: both are found by an index, and are few.
"""

from django.db import migrations, models

WAITING = """
UPDATE people_interaction AS i SET purpose = p.purpose, priority = p.priority
FROM (VALUES ('danger', 30), ('answer', 10), ('receipt', 0)) AS p (purpose, priority)
WHERE i.direction = 'out' AND i.channel = 'sms' AND i.state IN ('queued', 'sending') AND p.purpose = CASE
  WHEN i.key LIKE 'sms-danger:%' THEN 'danger'
  WHEN i.key ~ '^(sms-told:|answer-|(sms|web)-(answer|reject):|voice-answer:)' THEN 'answer'
  ELSE 'receipt' END
"""
ON_DUTY = "UPDATE people_interaction SET purpose = 'duty', priority = 30 WHERE key LIKE 'duty:%'"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="interaction",
            name="purpose",
            field=models.CharField(
                blank=True,
                choices=[
                    ("danger", "Danger"),
                    ("duty", "Duty"),
                    ("code", "Code"),
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
        migrations.AddField(
            model_name="interaction",
            name="priority",
            field=models.SmallIntegerField(db_default=0, help_text="the purpose's; the higher goes out first"),
        ),
        migrations.RemoveIndex(
            model_name="interaction",
            name="people_outbox",
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "sending"])),
                fields=["channel", "-priority", "id"],
                name="people_outbox",
            ),
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
        migrations.RunSQL(ON_DUTY, migrations.RunSQL.noop),
    ]
