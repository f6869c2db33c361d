"""What was asked is kept without names, for thirty days: older words go, the others are cleared of names."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

from tongdai.knowledge.usage.scrubbing import scrub

KEPT_FOR = timedelta(days=30)


def without_names(apps, schema_editor):
    uses = apps.get_model("knowledge", "Use").objects.exclude(said="")
    uses.filter(at__lte=timezone.now() - KEPT_FOR).update(said="")
    for use in uses.only("said").iterator():
        said = " ".join(scrub(use.said).split())[:200]
        if said != use.said:
            uses.filter(pk=use.pk).update(said=said)
    apps.get_model("knowledge", "Use").objects.filter(opened__startswith="dossier:").update(opened="dossier")


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0004_two_readers")]
    operations = [migrations.RunPython(without_names, migrations.RunPython.noop)]
