"""What every page may say: icons, times, codes, phone numbers, the city's name."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_vite.core.asset_loader import DjangoViteAssetLoader

from tongdai.cases.codes import spoken
from tongdai.directory.city import the_city
from tongdai.directory.models import City
from tongdai.language.dates import hour_in_words, in_words
from tongdai.people import phones
from tongdai.platform import typed_input

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite (frontend/icons.txt), hidden from screen readers: a word always stands beside it."""
    sprite = DjangoViteAssetLoader.instance().generate_vite_asset_url("icons.svg")
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#i-{}"/></svg>', sprite, name)


@register.simple_tag
def city() -> City:
    """The one city this house serves."""
    return the_city()


@register.filter
def code(value: str) -> str:
    """`73041859261` → `7304 1859 261`."""
    return spoken(value)


@register.filter
def deadline(value: datetime) -> str:
    """`17 giờ thứ Sáu, 4.3.2022`."""
    return in_words(value)


@register.filter
def typed_day(value: object) -> str:
    """A day as its field shows it: `21/01/2022`."""
    return typed_input.as_typed(value)


@register.filter
def typed_moment(value: object) -> str:
    """A moment as its field shows it: `21/01/2022 17:30`."""
    return typed_input.moment_as_typed(value)


@register.filter
def clock(value: datetime) -> str:
    """`07 giờ 42`."""
    return hour_in_words(value)


@register.filter
def masked(value: str) -> str:
    """`+84912345678` → `0912 ••• 678`."""
    return phones.masked(value)


@register.filter
def phone(value: str) -> str:
    """`+84912345678` → `0912 345 678`."""
    return phones.pretty(value)
