"""Every change of a topic or an agency is on record, with what was before; added to, never changed."""

from django.db import migrations, models

ONLY_ADDED_TO = """
CREATE FUNCTION directory_change_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a change of the directory is never changed nor deleted';
END $$;
CREATE TRIGGER directory_change_only_added_to BEFORE UPDATE OR DELETE ON directory_change
  FOR EACH ROW EXECUTE FUNCTION directory_change_only_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_approval_required"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=10)),
                ("row", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.BigIntegerField(help_text="accounts.User", null=True)),
                (
                    "login",
                    models.CharField(blank=True, default="", help_text="the operator's on the machine", max_length=60),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("page", "trên trang"),
                            ("file", "từ tệp CSV"),
                            ("put_back", "trả lại như trước"),
                        ],
                        max_length=10,
                    ),
                ),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["table", "row", "-id"], name="directory_changes_of_row")],
            },
        ),
        migrations.RunSQL(
            ONLY_ADDED_TO,
            "DROP TRIGGER directory_change_only_added_to ON directory_change; DROP FUNCTION directory_change_only_added_to();",
        ),
    ]
