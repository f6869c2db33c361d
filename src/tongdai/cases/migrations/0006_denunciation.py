import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_taken"), ("directory", "0002_handles_denunciations")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="denounced",
            field=models.ForeignKey(
                help_text="for the inspectorate's eyes alone",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.agency",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="denounced_elsewhere",
            field=models.BooleanField(
                db_default=False, default=False, help_text="who is denounced is no agency of the city's"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="perhaps_denunciation",
            field=models.BooleanField(
                default=False,
                help_text="nobody has said yet whether it is a denunciation: no agency gets it meanwhile",
            ),
        ),
    ]
