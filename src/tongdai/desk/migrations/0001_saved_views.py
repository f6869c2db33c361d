"""Lists saved under a name, and who has which case open now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0015_reopened"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                (
                    "query",
                    models.CharField(help_text="of the list's address: codes and days, never words", max_length=600),
                ),
                (
                    "shared_with",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("call_taker", "điện thoại viên"),
                            ("coordinator", "điều phối viên"),
                            ("officer", "cán bộ xử lý"),
                            ("approver", "lãnh đạo phê duyệt"),
                            ("supervisor", "giám sát ca"),
                            ("leader", "lãnh đạo thành phố"),
                            ("inspector", "thanh tra"),
                            ("admin", "quản trị"),
                        ],
                        default="",
                        help_text="empty: its owner's alone",
                        max_length=20,
                    ),
                ),
                ("saved_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OpenCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("owner", "name"), name="desk_one_view_a_name"),
        ),
        migrations.AddConstraint(
            model_name="opencase",
            constraint=models.UniqueConstraint(fields=("case", "user"), name="desk_open_once"),
        ),
    ]
