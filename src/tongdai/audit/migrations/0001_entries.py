"""The record, and the trigger that keeps it as it was written, whoever is connected."""

import django.db.models.functions.datetime
from django.db import migrations, models

ONLY_ADDED_TO = """
CREATE FUNCTION audit_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an entry of the record is never changed nor deleted';
END $$;
CREATE TRIGGER audit_only_added_to BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_only_added_to();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_at", models.DateTimeField(help_text="by the city's clock")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), help_text="by the database's"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign_in", "đăng nhập"),
                            ("people", "tài khoản và vai trò"),
                            ("read", "đọc dữ liệu cá nhân"),
                            ("export", "xuất dữ liệu"),
                            ("import", "nhập dữ liệu"),
                            ("answers", "kho trả lời"),
                            ("setting", "cài đặt"),
                            ("command", "lệnh trên máy chủ"),
                        ],
                        max_length=10,
                    ),
                ),
                ("action", models.CharField(max_length=60)),
                (
                    "who",
                    models.CharField(
                        choices=[
                            ("staff", "cán bộ"),
                            ("operator", "người vận hành"),
                            ("stranger", "người chưa đăng nhập"),
                            ("system", "hệ thống"),
                        ],
                        max_length=10,
                    ),
                ),
                ("by", models.BigIntegerField(help_text="accounts.User who acted", null=True)),
                ("subject", models.BigIntegerField(help_text="accounts.User to whom it was done", null=True)),
                ("contact", models.BigIntegerField(help_text="people.Contact whose data it was", null=True)),
                ("case_code", models.CharField(blank=True, default="", max_length=11)),
                (
                    "what",
                    models.CharField(
                        blank=True, default="", help_text="table, setting, answer, call: by its code", max_length=80
                    ),
                ),
                ("detail", models.JSONField(default=dict, help_text="counts and codes, before and after")),
                (
                    "network",
                    models.CharField(blank=True, default="", help_text="IPv4 address, or IPv6 /64", max_length=45),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-happened_at", "-id"], name="audit_newest"),
                    models.Index(fields=["kind", "-happened_at", "-id"], name="audit_by_kind"),
                    models.Index(
                        condition=models.Q(("by__isnull", False)),
                        fields=["by", "-happened_at", "-id"],
                        name="audit_by_who",
                    ),
                    models.Index(
                        condition=models.Q(("subject__isnull", False)),
                        fields=["subject", "-happened_at", "-id"],
                        name="audit_of_staff",
                    ),
                    models.Index(
                        condition=models.Q(("contact__isnull", False)),
                        fields=["contact", "-happened_at", "-id"],
                        name="audit_of_person",
                    ),
                    models.Index(
                        condition=models.Q(("case_code", ""), _negated=True),
                        fields=["case_code", "-happened_at", "-id"],
                        name="audit_of_case",
                    ),
                ]
            },
        ),
        migrations.RunSQL(ONLY_ADDED_TO, "DROP FUNCTION audit_only_added_to() CASCADE"),
    ]
