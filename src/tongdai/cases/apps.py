"""The room's name in Django, and what it tells the rooms below."""

from django.apps import AppConfig

from tongdai.platform import jobs


class CasesConfig(AppConfig):
    name = "tongdai.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.directory import registry
        from tongdai.platform.live.registry import known_to
        from tongdai.platform.monitoring.registry import metrics as all_metrics
        from tongdai.platform.processes.registry import warm_ups, warm_ups_at_birth

        from . import deadlines, metrics, queries
        from .routing import in_directory

        jobs.declared_in(
            "tongdai.cases.deadlines.recalculation",
            "tongdai.cases.triage.jobs",
            "tongdai.cases.waiting.jobs",
            "tongdai.cases.search.answer_words",
        )
        registry.agency_uses.register("supports", in_directory.helping_at_agencies)
        registry.agency_uses.register("cases", in_directory.at_agencies)
        registry.topic_uses.register("cases", in_directory.of_topics)
        registry.topic_effects.register("cases", in_directory.topic_effects)
        registry.agency_effects.register("cases", in_directory.agency_effects)
        known_to.register("cases", queries.visible_ids)
        all_metrics.register("cases", metrics.gather)
        warm_ups_at_birth.register("triage", _warm_up_the_triage)
        warm_ups.register("deadlines", deadlines.warm_up)


def _warm_up_the_triage() -> None:
    from .triage import judgement  # numpy is loaded by who judges

    judgement.warm_up()
