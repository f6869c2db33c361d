"""Of some topics an answer is read by an approver before its citizen reads it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0008_proof_required"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="approval_required",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="an approver of the agency in charge reads an answer before its citizen does",
                verbose_name="trả lời phải có người duyệt",
            ),
        ),
    ]
