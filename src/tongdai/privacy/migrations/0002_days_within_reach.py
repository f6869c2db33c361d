"""A breach found outside 1900–2100 can't be read back, and broke the register: it is cut to what is taken."""

import datetime

from django.conf import settings
from django.db import migrations, models

TAKEN = """
UPDATE privacy_breach SET found_at = least(greatest(found_at, '1900-01-01T00:00Z'), '2101-01-01T00:00Z')
WHERE found_at NOT BETWEEN '1900-01-01T00:00Z' AND '2101-01-01T00:00Z';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_privacy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(TAKEN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("found_at__gte", datetime.datetime(1899, 12, 31, 0, 0, tzinfo=datetime.UTC)),
                    ("found_at__lt", datetime.datetime(2101, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                ),
                name="privacy_breach_days_taken",
            ),
        ),
    ]
