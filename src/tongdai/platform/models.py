"""What the ground itself keeps: whether this database is a demo, and how its clock is turned."""

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
