"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class KnowledgeConfig(AppConfig):
    name = "tongdai.knowledge"
    label = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.platform.processes.registry import warm_ups

        jobs.declared_in(
            "tongdai.knowledge.editing.dead_links",
            "tongdai.knowledge.lookups.scheduled_fetch",
            "tongdai.knowledge.lookups.table_import",
            "tongdai.knowledge.importing.procedures.submissions",
            "tongdai.knowledge.search.vector_job",
        )
        warm_ups.register("answers", _warm_up)


def _warm_up() -> None:
    from .search import cache  # numpy is loaded by who searches

    cache.warm_up()
