"""What only the citizens' pages say."""

from __future__ import annotations

from django import template

from tongdai.directory import snapshot
from tongdai.directory.models import Topic
from tongdai.platform.clock import today

register = template.Library()


@register.simple_tag
def urgent_topic() -> Topic | None:
    """The urgent topic of a campaign that runs today, if there is one: its red card stands on every page."""
    day = today()
    running = (topic for topic in snapshot.topics(day) if topic.urgent and topic.campaign)
    return next((topic for topic in running if topic.campaign and topic.campaign.holds_on(day)), None)
