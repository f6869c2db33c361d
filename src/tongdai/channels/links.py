"""Links and one-time codes in texts: a mark stands for them in what is stored, the sender puts them in as it sends.

So a page of the staff, an export or a log shows the mark. A text that is sent a second time holds the same words.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from tongdai.cases.access import links, one_time
from tongdai.cases.models import Case, CaseLink, OneTimeCode
from tongdai.people.models import Interaction

LONGEST = "A" * 12 + "z" * 5  # of a short address: sixty million links
LINK, CODE = "⟦link⟧", "⟦code⟧"  # signs that no telephone and no keyboard of a citizen types


def address(link: CaseLink) -> str:
    """Where this link leads, as short as a text wants it."""
    return _address(links.short(link))


def attach(text: Interaction, case: Case) -> None:
    """Give a queued text the link that its words hold a mark for. Call it in the transaction that queued it."""
    if LINK in text.body:
        links.give(case, purpose=CaseLink.Purpose.TEXT, at=text.happened_at, interaction=text)


def words_to_send(texts: Sequence[Interaction]) -> dict[int, str]:
    """The words of each text as they go out, by its id."""
    marked = [text.pk for text in texts if LINK in text.body or CODE in text.body]
    addresses, codes = _addresses(marked), _codes(marked)
    return {
        text.pk: text.body.replace(LINK, addresses.get(text.pk, settings.PUBLIC_URL)).replace(
            CODE, codes.get(text.pk, "")
        )
        for text in texts
    }


def at_length(words: str) -> str:
    """The words with everything marked as long as it will be, for whoever counts segments before there is a link."""
    return words.replace(LINK, _address(LONGEST)).replace(CODE, "0" * one_time.DIGITS)


def shown(words: str) -> str:
    """The words for the eyes of the staff: that there is a link or a code, never which."""
    return words.replace(LINK, _("[đường dẫn riêng]")).replace(CODE, "••••••")


def _address(short: str) -> str:
    return f"{settings.PUBLIC_URL}/k/{short}"


def _addresses(texts: Sequence[int]) -> dict[int | None, str]:
    if not texts:
        return {}
    found = CaseLink.objects.select_related("case").filter(interaction__in=texts)
    return {link.interaction_id: address(link) for link in found}


def _codes(texts: Sequence[int]) -> dict[int | None, str]:
    if not texts:
        return {}
    return {code.interaction_id: one_time.digits(code) for code in OneTimeCode.objects.filter(interaction__in=texts)}
