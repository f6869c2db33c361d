from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_calendar_version")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="erased_at",
            field=models.DateTimeField(help_text="when its words went, by law or because its citizen asked", null=True),
        ),
    ]
