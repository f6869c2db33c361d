"""An answer may need an approver: its draft, with its files, and since when a case waits for them.

Every new column is null: no row is written anew, however many there are. Nobody looks for answers by who approved them, nor
for cases by these columns beyond those of one agency that are open: there is no index for either.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_answer_search"),
        ("directory", "0009_approval_required"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="approved_by",
            field=models.ForeignKey(
                db_index=False,
                help_text="who let the author's words go out; null: they needed nobody",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="draft_returned_at",
            field=models.DateTimeField(
                help_text="a draft is back with the officers since then, to be mended", null=True
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="drafted_at",
            field=models.DateTimeField(help_text="a draft of its answer waits for an approver since then", null=True),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("drafted_at", models.DateTimeField()),
                (
                    "returned_at",
                    models.DateTimeField(help_text="back with the officers: by its approver, or taken back", null=True),
                ),
                (
                    "wanted",
                    models.TextField(blank=True, default="", help_text="what its approver wants changed"),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        help_text="approved, replaced by another, or the case went another way", null=True
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.agency",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="cases.case"
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("photo", "ảnh"),
                            ("before", "ảnh trước khi xử lý"),
                            ("after", "ảnh sau khi xử lý"),
                            ("document", "tài liệu"),
                        ],
                        db_default="photo",
                        default="photo",
                        max_length=10,
                        verbose_name="loại tệp",
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="tên tệp"),
                ),
                ("file", models.CharField(help_text="name in the storage", max_length=120, unique=True)),
                ("content_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField(help_text="bytes")),
                ("width", models.PositiveIntegerField(help_text="pixels; 0: a document")),
                ("height", models.PositiveIntegerField(help_text="pixels; 0: a document")),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="cases.draft"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("case",), name="cases_one_draft"
            ),
        ),
    ]
