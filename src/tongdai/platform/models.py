"""What the ground itself keeps: whether this database is a demo, how its clock is turned, how often a network came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Installation(models.Model):
    """One row, made with the database. `demo` is set then and never again (a trigger sees to it).

    City time = city_at + (real time - real_at) × rate; turned only in a demo.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    demo = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    real_at = models.DateTimeField(null=True)
    city_at = models.DateTimeField(null=True)
    rate = models.FloatField(default=1.0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="platform_one_installation"),
            models.CheckConstraint(
                condition=Q(demo=True) | Q(city_at=None), name="platform_only_a_demo_turns_its_clock"
            ),
        ]

    def __str__(self) -> str:
        return "demo" if self.demo else "city"


class NetworkUse(models.Model):
    """How often a network (its keyed digest) did something within one window of time (`rates`)."""

    purpose = models.CharField(max_length=20)
    network = models.CharField(max_length=64)
    since = models.DateTimeField(help_text="when the window began")
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "network", "since"], name="platform_one_count_a_window")
        ]
        indexes = [models.Index(fields=["since"], name="platform_uses_by_age")]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.count}"
