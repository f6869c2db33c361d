from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("voice", "0014_supervision")]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="key",
            field=models.CharField(
                blank=True, default="", help_text="name of the key it is encrypted with; empty: plain", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="recording",
            name="spare",
            field=models.CharField(
                blank=True, default="", help_text="another file in storage, to be deleted", max_length=120
            ),
        ),
    ]
