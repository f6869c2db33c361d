"""The trial: four facts for every seed, everything else drawn; played by the product's own actions."""

from datetime import date

import pytest
from django.db import connection

from tongdai.cases.models import Case, Event
from tongdai.people.models import Channel, Interaction
from tongdai.reports import figures
from tongdai.reports.period import TRIAL_COUNTED, Period
from tongdai.scenarios.covid_trial import city as trial_city
from tongdai.scenarios.covid_trial import matters, play
from tongdai.scenarios.covid_trial.stream import COUNTED_TO, COVID_ASKED, stream


def counted(seed: int, wards: list) -> dict[str, float]:
    told = [each for each in stream(seed=seed, wards=wards) if each.at.date() <= COUNTED_TO]
    web = [each for each in told if each.channel == Channel.WEB]
    return {
        "received": len(told),
        "voice": sum(each.channel == Channel.VOICE for each in told),
        "web": len(web),
        "asked": sum(each.topic in COVID_ASKED for each in web),
        "help": sum(each.topic == "covid-help" for each in told),
        "first day": sum(each.at.date() == date(2022, 1, 21) for each in told),
    }


@pytest.mark.django_db
def test_another_seed_is_another_trial_with_the_same_four_facts() -> None:
    wards = trial_city.build().wards
    trials = [counted(seed, wards) for seed in (2022, 1, 2, 3)]
    for trial in trials:
        assert trial["received"] == 4534
        assert trial["web"] > 400 and trial["asked"] / trial["web"] > 0.5
    for figure in ("voice", "asked", "help", "first day"):
        assert len({trial[figure] for trial in trials}) > 1
    assert counted(2022, wards) == trials[0]


@pytest.mark.django_db
def test_the_inbox_looks_like_life() -> None:
    wards = trial_city.build().wards
    texts = [each.text for each in stream(seed=2022, wards=wards)]
    assert sum(len(each) for each in matters.bases().values()) > 380
    assert len(set(texts)) > 0.97 * len(texts)
    plain = sum(text.isascii() for text in texts if any(char.isalpha() for char in text))
    assert 0.03 < plain / len(texts) < 0.3


@pytest.mark.django_db(transaction=True)
def test_the_trial_as_the_city_had_it_and_played_again_it_adds_nothing() -> None:
    built = trial_city.build()
    told = stream(seed=2022, wards=built.wards)
    play.play(told, city=built, seed=2022, progress=lambda done: None)

    report = figures.count(Period(*TRIAL_COUNTED))
    assert report.received == 4534
    assert report.total.success_rate > 0.70
    assert report.by_channel["web"] > 400
    assert report.covid_share > 0.50
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE answered_at < '2022-03-23 00:00+07'),"
            " count(*) FILTER (WHERE channel = 'web') FROM cases_case"
            " WHERE received_at >= '2022-01-21 00:00+07' AND received_at < '2022-03-23 00:00+07'"
        )
        assert cursor.fetchone() == (4534, report.total.answered, report.by_channel["web"])
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        assert cursor.fetchone() == (0,)  # nobody is texted about 2022 today

    before = (Case.objects.count(), Event.objects.count(), Interaction.objects.count())
    assert play.is_played()
    play.play(told, city=built, seed=2022, progress=lambda done: None)
    assert (Case.objects.count(), Event.objects.count(), Interaction.objects.count()) == before
    assert not Case.objects.exclude(state="closed").exists()
