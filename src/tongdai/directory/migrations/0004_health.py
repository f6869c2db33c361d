from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_calendar_version")]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="health",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="the citizen's consent is asked for",
                verbose_name="có thông tin sức khỏe",
            ),
        ),
    ]
