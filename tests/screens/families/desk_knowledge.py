"""The editors' room of answers."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from tests.screens.families.portal_answers import table
from tests.screens.states import There, state
from tests.screens.world import LONG_TEXT, UNBROKEN
from tongdai.knowledge.answers import publishing, versions
from tongdai.knowledge.models import Article, Inquiry, LookupTable, Procedure
from tongdai.platform.clock import now
from tongdai.shell.saved_input import SAVED_INPUT

KNOWLEDGE = "desk:knowledge"


@state(KNOWLEDGE, "usual")
def room(there: There) -> str:
    there.sign_in("coordinator")
    return reverse(KNOWLEDGE)


@state(KNOWLEDGE, "drafts and long questions that found nothing")
def room_full(there: There) -> str:
    Inquiry.objects.create(channel="web", question="x" * 200, certainty="not_found", at=now())
    Inquiry.objects.create(channel="web", question=LONG_TEXT[:200], certainty="not_found", at=now())
    key = str(Procedure.objects.get(code="1.000894").answer_key)
    Inquiry.objects.create(channel="web", question="x", certainty="found", found=key, part="deadline", at=now())
    _draft(there)
    table(review_by="2022-02-01")
    there.sign_in("coordinator")
    return reverse(KNOWLEDGE)


@state(KNOWLEDGE, "nothing found")
def room_nothing(there: There) -> str:
    there.sign_in("coordinator")
    return reverse(KNOWLEDGE) + "?q=khongcogi"


@state("desk:knowledge_edit", "a procedure")
def procedure(there: There) -> str:
    there.sign_in("coordinator")
    return _address(Procedure.objects.get(code="1.000894"))


@state("desk:knowledge_edit", "a procedure's draft, of somebody else")
def drafted(there: There) -> str:
    row = _draft(there)
    there.sign_in("supervisor")
    return _address(row)


@state("desk:knowledge_edit", "an article")
def article(there: There) -> str:
    there.sign_in("coordinator")
    return _address(Article.objects.order_by("pk")[0])


@state("desk:knowledge_edit", "in error", status=422)
def article_wrong(there: There) -> HttpResponse:
    client = there.sign_in("coordinator")
    return client.post(_address(Article.objects.order_by("pk")[0]), {"question": "", "answer": UNBROKEN})


@state("desk:knowledge_words", "searched")
def words_found(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("desk:knowledge_words") + "?q=ub"


@state("desk:knowledge_words", "what was typed when the session ended", words="đã được điền lại vào ô bên dưới")
def words_back(there: There) -> str:
    _left_by_an_ended_session(
        there, reverse("desk:knowledge_words_save"), written="cccd gc", meanings="căn cước gắn chíp"
    )
    return reverse("desk:knowledge_words") + "?q=ub"


@state("desk:knowledge_words", "what was typed into a form that is gone", words="chép lại vào ô rồi gửi lần nữa")
def words_without_a_form(there: There) -> str:
    _left_by_an_ended_session(there, reverse("desk:knowledge_new"), question=LONG_TEXT, about=UNBROKEN)
    return reverse("desk:knowledge_words") + "?q=ub"


def _left_by_an_ended_session(there: There, sent_to: str, **words: str) -> None:
    session = there.sign_in("coordinator").session
    saved = {name: [value] for name, value in words.items()}
    session[SAVED_INPUT] = {"path": reverse("desk:knowledge_words"), "sent_to": sent_to, "words": saved}
    session.save()


@state("desk:knowledge_words", "all of them", axe=False)
def words(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("desk:knowledge_words")


@state("desk:knowledge_procedures", "empty")
def procedures(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("desk:knowledge_procedures")


@state("desk:knowledge_procedures", "no table", status=422)
def procedures_wrong(there: There) -> HttpResponse:
    client = there.sign_in("coordinator")
    return client.post(reverse("desk:knowledge_procedures"), {"file": SimpleUploadedFile("x.txt", b"x")})


@state("desk:knowledge_procedures_tried", "what it would change")
def tried(there: There) -> str:
    client = there.sign_in("coordinator")
    head = "code,name,field\n"
    rows = "".join(f'9.00000{n},"{LONG_TEXT.split(chr(10))[0]}",Hộ tịch\n' for n in range(5))
    file = SimpleUploadedFile("thu-tuc.csv", (head + rows).encode())
    sent = client.post(reverse("desk:knowledge_procedures"), {"file": file})
    return sent["Location"] if sent.status_code == 302 else sent


@state("desk:knowledge_table", "new")
def table_new(there: There) -> str:
    client = there.sign_in("coordinator")
    return client.post(reverse("desk:knowledge_table_new"), {"name": "Nhà thuốc trực đêm"})["Location"]


@state("desk:knowledge_table", "full")
def table_full(there: There) -> str:
    row: LookupTable = table()
    there.sign_in("coordinator")
    return reverse("desk:knowledge_table", args=[row.slug])


@state("desk:knowledge_table", "in error", status=422)
def table_wrong(there: There) -> HttpResponse:
    return there.client.post(table_full(there), {"name": "", "source": "", "as_of": "hôm qua"})


def _address(row: Procedure | Article) -> str:
    return reverse("desk:knowledge_edit", args=[row.KIND, row.pk])


def _draft(there: There) -> Procedure:
    row = Procedure.objects.get(code="1.000894")
    words = versions.content_of(row) | {"summary": LONG_TEXT, "place": UNBROKEN}
    publishing.save_draft(row, words, by=there.people["coordinator"], at=now(), seen=publishing.mark_of(row, None))
    return row
