"""Photos and documents go with an answer, and an answer that went out can be corrected.

Every column is null or has a constant the database fills in by itself: no row is written anew, however many there are.
Neither reference has an index of its own: both are only ever looked for among the rows of one case.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_waiting"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="corrects",
            field=models.ForeignKey(
                db_index=False,
                help_text="the answer as it was first given: rated once, whatever its words are by now",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="cases.answer",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="answer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="cases.answer",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="kind",
            field=models.CharField(
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
        migrations.AddField(
            model_name="attachment",
            name="name",
            field=models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="tên tệp"),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="width",
            field=models.PositiveIntegerField(help_text="pixels; 0: a document"),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="height",
            field=models.PositiveIntegerField(help_text="pixels; 0: a document"),
        ),
    ]
