"""A shift outside 1900–2100 can't be read back, and broke the whole roster: it is cut to what is taken."""

import datetime

from django.db import migrations, models

TAKEN = """
UPDATE accounts_dutyshift SET
    valid_from = least(greatest(valid_from, '1900-01-01'), '2100-12-31'),
    valid_to = CASE WHEN valid_to > '2100-12-31' THEN NULL ELSE greatest(valid_to, '1900-01-01') END
WHERE valid_from NOT BETWEEN '1900-01-01' AND '2100-12-31' OR valid_to NOT BETWEEN '1900-01-01' AND '2100-12-31';
UPDATE accounts_dutyshift SET
    from_at = least(greatest(from_at, '1900-01-01T00:00Z'), '2101-01-01T00:00Z'),
    to_at = least(greatest(to_at, '1900-01-01T00:00Z'), '2101-01-01T00:00Z')
WHERE from_at NOT BETWEEN '1900-01-01T00:00Z' AND '2101-01-01T00:00Z'
    OR to_at NOT BETWEEN '1900-01-01T00:00Z' AND '2101-01-01T00:00Z';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_staff_accounts"),
        ("directory", "0006_days_within_reach"),
    ]

    operations = [
        migrations.RunSQL(TAKEN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="dutyshift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__gte", datetime.date(1900, 1, 1)),
                    ("valid_from__lte", datetime.date(2100, 12, 31)),
                    ("valid_to__gte", datetime.date(1900, 1, 1)),
                    ("valid_to__lte", datetime.date(2100, 12, 31)),
                    ("from_at__gte", datetime.datetime(1899, 12, 31, 0, 0, tzinfo=datetime.UTC)),
                    ("from_at__lt", datetime.datetime(2101, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                    ("to_at__gte", datetime.datetime(1899, 12, 31, 0, 0, tzinfo=datetime.UTC)),
                    ("to_at__lt", datetime.datetime(2101, 1, 2, 0, 0, tzinfo=datetime.UTC)),
                ),
                name="accounts_duty_days_taken",
            ),
        ),
    ]
