"""Which event of its case a text notifies of stands in a column, and is no longer read out of the text's key.

Of the texts of before, those with the tracking code get theirs: no other is asked for its event. They are filled in batches,
each a transaction of its own, in the order of their events, before the foreign key is there: it is checked for all of them
at once. Begun anew after a stop, it goes on.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

BATCH = 50_000  # events
ADD = "ALTER TABLE cases_caseinteraction ADD COLUMN IF NOT EXISTS event_id bigint NULL"
FILL = """
UPDATE cases_caseinteraction AS link SET event_id = event.id
FROM cases_event AS event
JOIN cases_case AS c ON c.id = event.case_id
JOIN people_interaction AS text ON text.key = c.channel || '-register:' || event.id
WHERE event.action = 'register' AND event.id > %s AND event.id <= %s
AND link.interaction_id = text.id AND link.event_id IS NULL
"""
UNBOUND = "ALTER TABLE cases_caseinteraction DROP CONSTRAINT IF EXISTS cases_caseinteraction_event_id_fk"
BIND = """
ALTER TABLE cases_caseinteraction ADD CONSTRAINT cases_caseinteraction_event_id_fk
FOREIGN KEY (event_id) REFERENCES cases_event (id) DEFERRABLE INITIALLY DEFERRED NOT VALID
"""
CHECK = "ALTER TABLE cases_caseinteraction VALIDATE CONSTRAINT cases_caseinteraction_event_id_fk"
REMOVE = "ALTER TABLE cases_caseinteraction DROP COLUMN event_id"


def fill(apps: Any, schema_editor: Any) -> None:
    """The registrations' texts, a batch of events at a time."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM cases_event")
        first, last = cursor.fetchone()
        for after in range(first - 1, last, BATCH):
            cursor.execute(FILL, [after, after + BATCH])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0010_remark"), ("people", "0005_link")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(ADD, REMOVE),
                migrations.RunPython(fill, migrations.RunPython.noop),
                migrations.RunSQL(UNBOUND, migrations.RunSQL.noop),
                migrations.RunSQL(BIND, UNBOUND),
                migrations.RunSQL(CHECK, migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="caseinteraction",
                    name="event",
                    field=models.ForeignKey(
                        db_index=False,
                        help_text="what a text notifies of",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.event",
                    ),
                )
            ],
        ),
    ]
