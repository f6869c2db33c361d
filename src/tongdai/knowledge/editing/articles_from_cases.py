"""Articles that somebody began from a case's words: which they are, and how they are taken back."""

from __future__ import annotations

from django.db import transaction

from ..answers import revision, versions
from ..models import Article, Draft

_BEFORE = "case-"


def key_of(case_id: int) -> str:
    """The key of the article that is made of this case."""
    return f"{_BEFORE}{case_id}"


def cases_behind() -> dict[int, str]:
    """Of every article that is made of a case: the case's id → the article's key."""
    keys = Article.objects.filter(key__startswith=_BEFORE).values_list("key", flat=True)
    return {int(number): key for key in keys if (number := key.removeprefix(_BEFORE)).isdecimal()}


@transaction.atomic
def take_back(case_id: int) -> None:
    """The case turned out to be nobody's business: the article, its draft and its earlier versions are gone."""
    article = Article.objects.filter(key=key_of(case_id)).first()
    if article is None:
        return
    Draft.objects.of(article.answer_key).delete()
    versions.versions_of(article).delete()
    article.delete()
    revision.advance()
