"""Of some topics an answer must show what was done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0007_wait_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="proof_required",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="an answer shows what was done",
                verbose_name="trả lời phải kèm ảnh hoặc tài liệu",
            ),
        ),
    ]
