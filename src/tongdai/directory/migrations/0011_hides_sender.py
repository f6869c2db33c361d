"""Of some topics an agency sees who sent a case only after it has said why it needs to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0010_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="hides_sender",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="an agency sees name and number only after it has said why it needs them",
                verbose_name="giấu người gửi với cơ quan xử lý",
            ),
        ),
    ]
