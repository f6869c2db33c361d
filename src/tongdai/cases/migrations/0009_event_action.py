from django.db import migrations, models


class Migration(migrations.Migration):
    """A column and an index are renamed in the catalogue alone: at once, however many rows there are.

    Django's state of an index doesn't follow a renamed field: it is taken out and put back, the database's is renamed.
    """

    dependencies = [("cases", "0008_erased")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveIndex("event", "cases_deeds")]),
        migrations.RenameField("event", "deed", "action"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER INDEX cases_deeds RENAME TO cases_actions", "ALTER INDEX cases_actions RENAME TO cases_deeds"
                )
            ],
            state_operations=[
                migrations.AddIndex("event", models.Index(fields=["action", "happened_at"], name="cases_actions"))
            ],
        ),
    ]
