"""Plain words for the parts of texts. The table keeps its name; columns are renamed, which touches no row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sms", "0004_binds")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Piece", "Part"),
                migrations.AlterModelTable("part", "sms_piece"),
                migrations.AlterField(
                    "part", "link", models.ForeignKey("sms.link", models.PROTECT, related_name="parts")
                ),
                migrations.RemoveIndex("part", "sms_piece_words"),
            ]
        ),
        migrations.RenameField("part", "again", "retries"),
        migrations.RenameField("part", "words", "digest"),
        migrations.RenameField("offer", "said", "question"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    "part",
                    models.Index(
                        fields=["sender", "digest", "-received_at"],
                        name="sms_piece_words",
                        condition=~models.Q(digest=""),
                    ),
                ),
            ]
        ),
        migrations.AlterField(
            "offer", "question", models.TextField(help_text="what was asked, to go to a person as it is")
        ),
    ]
