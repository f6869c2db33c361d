from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def inspectorates_do(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now a denunciation could go to any agency; from here on to these, until the administrator names others."""
    apps.get_model("directory", "Agency").objects.filter(kind="inspectorate").update(handles_denunciations=True)


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="agency",
            name="handles_denunciations",
            field=models.BooleanField(
                default=False,
                help_text="a denunciation may be sent to it: the inspectorate, the police …",
                verbose_name="giải quyết tố cáo",
            ),
        ),
        migrations.RunPython(inspectorates_do, migrations.RunPython.noop),
    ]
