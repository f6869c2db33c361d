"""No story is played in a real city's database: nothing is made there, and its clock stays."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, cast

import pytest
import typer
from django.db import connection
from django.test import Client

from tongdai.accounts.models import User
from tongdai.cases.models import Case
from tongdai.directory.models import Agency
from tongdai.peers.handset.address import CONTROL
from tongdai.platform import clock
from tongdai.platform.models import Installation
from tongdai.platform.processes import bootstrap
from tongdai.platform.tests.server import as_owner, as_process
from tongdai.scenarios import commands, demo
from tongdai.scenarios.covid_trial import play


def untouched() -> bool:
    made = Case.objects.exists() or Agency.objects.exists() or User.objects.exists()
    return not made and Installation.objects.values_list("demo", "city_at").get() == (False, None)


@pytest.mark.django_db
def test_the_trial_is_not_played(real_city: None) -> None:
    with pytest.raises(clock.NotADemo):
        play.play([], city=cast("Any", None), seed=2022, progress=lambda _done: None)
    assert untouched()


@pytest.mark.django_db(transaction=True)
def test_the_command_says_so_and_builds_nothing(
    real_city: None, postgres_server: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "ready", lambda **_how: nullcontext())  # the server runs already
    as_owner(connection, postgres_server)
    try:
        with pytest.raises(typer.Exit) as ended:
            commands.covid_trial(fast=True, through_channels=0, seed=2022)
    finally:
        as_process(connection, postgres_server)
    assert ended.value.exit_code == 1 and "real city" in capsys.readouterr().out
    assert untouched()


@pytest.mark.django_db
def test_the_demo_does_not_fill_it(real_city: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        demo.fill(one_stop=9)
    assert ended.value.exit_code == 1 and "real city" in capsys.readouterr().out
    assert untouched()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "may/"])
def test_the_telephone_to_try_is_a_demos_alone(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, path: str
) -> None:
    monkeypatch.setenv(CONTROL, "http://127.0.0.1:9")
    assert Client().get(f"/thu/{path}").status_code == 200
    request.getfixturevalue("real_city")
    assert Client().get(f"/thu/{path}").status_code == 404
