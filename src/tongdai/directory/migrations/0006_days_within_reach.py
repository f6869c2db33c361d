"""A holiday outside 1900–2100 is none, and a day more or less at the calendar's end is an error."""

import datetime

from django.db import migrations, models

TAKEN = """
DELETE FROM directory_holiday WHERE day NOT BETWEEN '1900-01-01' AND '2100-12-31';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0005_toll"),
    ]

    operations = [
        migrations.RunSQL(TAKEN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.CheckConstraint(
                condition=models.Q(("day__gte", datetime.date(1900, 1, 1)), ("day__lte", datetime.date(2100, 12, 31))),
                name="directory_holiday_days_taken",
            ),
        ),
    ]
