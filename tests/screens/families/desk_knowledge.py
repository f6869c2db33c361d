"""The editors' room of answers."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from tests.screens.families.portal_answers import table
from tests.screens.states import There, state
from tests.screens.world import LONG_TEXT, UNBROKEN
from tongdai.knowledge.answers import publishing, versions
from tongdai.knowledge.models import Article, LookupTable, Procedure, Use
from tongdai.platform.clock import now

KHO = "desk:kho"


@state(KHO, "usual")
def room(there: There) -> str:
    there.sign_in("coordinator")
    return reverse(KHO)


@state(KHO, "drafts and long questions that found nothing")
def room_full(there: There) -> str:
    Use.objects.create(channel="web", said="x" * 200, sure="not_found", at=now())
    Use.objects.create(channel="web", said=LONG_TEXT[:200], sure="not_found", at=now())
    _draft(there)
    table(review_by="2022-02-01")
    there.sign_in("coordinator")
    return reverse(KHO)


@state(KHO, "nothing found")
def room_nothing(there: There) -> str:
    there.sign_in("coordinator")
    return reverse(KHO) + "?q=khongcogi"


@state("desk:kho_edit", "a procedure")
def procedure(there: There) -> str:
    there.sign_in("coordinator")
    return _address(Procedure.objects.get(code="1.000894"))


@state("desk:kho_edit", "a procedure's draft, of somebody else")
def drafted(there: There) -> str:
    row = _draft(there)
    there.sign_in("supervisor")
    return _address(row)


@state("desk:kho_edit", "an article")
def article(there: There) -> str:
    there.sign_in("coordinator")
    return _address(Article.objects.order_by("pk")[0])


@state("desk:kho_edit", "in error", status=422)
def article_wrong(there: There) -> HttpResponse:
    client = there.sign_in("coordinator")
    return client.post(_address(Article.objects.order_by("pk")[0]), {"question": "", "answer": UNBROKEN})


@state("desk:kho_words", "searched")
def words_found(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("desk:kho_words") + "?q=ub"


@state("desk:kho_words", "all of them", axe=False)
def words(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("desk:kho_words")


@state("desk:kho_procedures", "empty")
def procedures(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("desk:kho_procedures")


@state("desk:kho_procedures", "no table", status=422)
def procedures_wrong(there: There) -> HttpResponse:
    client = there.sign_in("coordinator")
    return client.post(reverse("desk:kho_procedures"), {"file": SimpleUploadedFile("x.txt", b"x")})


@state("desk:kho_procedures_tried", "what it would change")
def tried(there: There) -> str:
    client = there.sign_in("coordinator")
    head = "code,name,field\n"
    rows = "".join(f'9.00000{n},"{LONG_TEXT.split(chr(10))[0]}",Hộ tịch\n' for n in range(5))
    file = SimpleUploadedFile("thu-tuc.csv", (head + rows).encode())
    sent = client.post(reverse("desk:kho_procedures"), {"file": file})
    return sent["Location"] if sent.status_code == 302 else sent


@state("desk:kho_table", "new")
def table_new(there: There) -> str:
    client = there.sign_in("coordinator")
    return client.post(reverse("desk:kho_table_new"), {"name": "Nhà thuốc trực đêm"})["Location"]


@state("desk:kho_table", "full")
def table_full(there: There) -> str:
    row: LookupTable = table()
    there.sign_in("coordinator")
    return reverse("desk:kho_table", args=[row.slug])


@state("desk:kho_table", "in error", status=422)
def table_wrong(there: There) -> HttpResponse:
    return there.client.post(table_full(there), {"name": "", "source": "", "as_of": "hôm qua"})


def _address(row: Procedure | Article) -> str:
    return reverse("desk:kho_edit", args=[row.KIND, row.pk])


def _draft(there: There) -> Procedure:
    row = Procedure.objects.get(code="1.000894")
    words = versions.content_of(row) | {"summary": LONG_TEXT, "place": UNBROKEN}
    publishing.save_draft(row, words, by=there.people["coordinator"], at=now(), seen=publishing.mark_of(row, None))
    return row
