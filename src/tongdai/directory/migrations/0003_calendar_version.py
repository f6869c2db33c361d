from datetime import UTC, datetime

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DEFAULT_WEEK = {str(weekday): [[450, 690], [780, 1020]] for weekday in range(5)}


def as_it_stands(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The first version: the calendar by which every deadline so far was counted."""
    week: dict[str, list[list[int]]] = {}
    for row in apps.get_model("directory", "WorkingHours").objects.order_by("weekday", "starts"):
        span = [row.starts.hour * 60 + row.starts.minute, row.ends.hour * 60 + row.ends.minute]
        week.setdefault(str(row.weekday), []).append(span)
    days = {row.day.isoformat(): row.working for row in apps.get_model("directory", "Holiday").objects.all()}
    apps.get_model("directory", "CalendarVersion").objects.create(
        pk=1, week=week or DEFAULT_WEEK, days=days, made_at=datetime.now(UTC)
    )
    schema_editor.execute("SELECT setval(pg_get_serial_sequence('directory_calendarversion', 'id'), 1)")


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_handles_denunciations")]

    operations = [
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.JSONField()),
                ("days", models.JSONField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(as_it_stands, migrations.RunPython.noop),
    ]
