"""The installation's one row, and the trigger that keeps a demo a demo and a city a city."""

from django.db import migrations, models
from django.db.models import Q

KEEP_THE_MARK = """
CREATE FUNCTION platform_keep_demo_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.demo IS DISTINCT FROM OLD.demo THEN
    RAISE EXCEPTION 'whether a database is a demo is decided when it is made';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER platform_keep_demo_mark BEFORE UPDATE OR DELETE ON platform_installation
  FOR EACH ROW EXECUTE FUNCTION platform_keep_demo_mark();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("demo", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("real_at", models.DateTimeField(null=True)),
                ("city_at", models.DateTimeField(null=True)),
                ("rate", models.FloatField(default=1.0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(("id", 1)), name="platform_one_installation"),
                    models.CheckConstraint(
                        condition=Q(("demo", True), ("city_at", None), _connector="OR"),
                        name="platform_only_a_demo_turns_its_clock",
                    ),
                ]
            },
        ),
        migrations.RunSQL(KEEP_THE_MARK, "DROP FUNCTION platform_keep_demo_mark() CASCADE"),
    ]
