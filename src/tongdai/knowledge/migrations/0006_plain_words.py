"""Plain words for what was asked. Tables, columns and indexes are renamed in the catalogue alone: no row, no index is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0005_questions_without_names"),
        ("sms", "0006_last_seen"),  # whose earlier migrations still name the model as it was
    ]

    operations = [
        migrations.RenameModel("Use", "Inquiry"),
        migrations.RenameField("inquiry", "said", "question"),
        migrations.RenameField("inquiry", "sure", "certainty"),
        migrations.RenameField("inquiry", "sitting", "session"),
        # PostgreSQL follows renamed columns by itself: the indexes are told anew to Django alone
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("inquiry", "knowledge_used"),
                migrations.RemoveIndex("inquiry", "knowledge_sitting"),
                migrations.RemoveIndex("inquiry", "knowledge_nothing"),
                migrations.AddIndex(
                    "inquiry",
                    models.Index(
                        fields=["at", "channel"], include=("opened", "to_person", "certainty"), name="knowledge_used"
                    ),
                ),
                migrations.AddIndex(
                    "inquiry",
                    models.Index(
                        fields=["session", "-at"],
                        condition=models.Q(("session", ""), _negated=True),
                        name="knowledge_sitting",
                    ),
                ),
                migrations.AddIndex(
                    "inquiry",
                    models.Index(
                        fields=["question"],
                        condition=models.Q(("certainty", "not_found"), ("opened", ""), ("settled", False)),
                        name="knowledge_nothing",
                    ),
                ),
            ]
        ),
        migrations.RenameIndex("inquiry", new_name="knowledge_inquiries", old_name="knowledge_used"),
        migrations.RenameIndex("inquiry", new_name="knowledge_session", old_name="knowledge_sitting"),
        migrations.RenameIndex("inquiry", new_name="knowledge_unanswered", old_name="knowledge_nothing"),
        migrations.RenameModel("Edition", "Revision"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE knowledge_revision RENAME CONSTRAINT knowledge_one_edition TO knowledge_one_revision",
                    "ALTER TABLE knowledge_revision RENAME CONSTRAINT knowledge_one_revision TO knowledge_one_edition",
                )
            ],
            state_operations=[
                migrations.RemoveConstraint("revision", "knowledge_one_edition"),
                migrations.AddConstraint(
                    "revision",
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="knowledge_one_revision"),
                ),
            ],
        ),
    ]
