"""What the platform itself keeps: a demo or not, how its clock is turned, how often a network came, which backups were made."""

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
    edition = models.CharField(max_length=40, default="")  # of the code that migrated it last
    key_mark = models.CharField(max_length=64, default="")  # digest of the key that this city signs with
    storage_mark = models.CharField(max_length=64, default="")  # the name that its storage bears

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


class Backup(models.Model):
    """One backup that was begun: finished, or why not. Times are real ones, whatever a demo's clock says."""

    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    file = models.TextField()
    size = models.BigIntegerField(default=0)  # bytes
    encrypted = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)  # restored into a scratch database, and found whole
    trouble = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["-begun_at"], name="platform_backup_latest")]

    def __str__(self) -> str:
        return self.file
