"""Who read what personal moves to the record, which nobody can change (`audit`)."""

from django.db import migrations

MOVE = """
INSERT INTO audit_entry (happened_at, kind, action, who, by, contact, case_code, what, detail, network)
SELECT happened_at, 'read', what, 'staff', user_id, contact_id,
  CASE WHEN reference ~ '^[0-9]{11}$' THEN reference ELSE '' END,
  CASE WHEN reference ~ '^[0-9]{11}$' THEN '' ELSE reference END, '{}', ''
FROM people_disclosure ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_toll"), ("audit", "0001_entries")]
    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Disclosure"),
    ]
