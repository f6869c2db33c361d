"""What an editor fills in: every list as lines of plain text, so that it can be pasted and read."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.channels.sms.conversation.grammar import Matter, asks_for
from tongdai.directory import snapshot
from tongdai.knowledge.importing.procedures.files import COUNT, SHAPES, WRITTEN_WAYS
from tongdai.knowledge.models import Article, Draft, EditedAnswer, LookupTable, Procedure, State
from tongdai.language.text import clean
from tongdai.platform.network import outgoing
from tongdai.platform.typed_input import DayField

from ..case.forms import WordsField

_PARTED_BY_SEMICOLONS = re.compile(r"[^;|]+;\s*\d+\s*(?:;|$)")  # `Tờ khai; 1; 0`, as in a CSV file
_NEW_LINES = re.compile(r"\s*\n\s*")


class LinesField(forms.CharField):
    """One thing a line; blank lines are dropped."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        text = clean(super().clean(value) or "")
        return [line.strip() for line in text.split("\n") if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(value or [])


class AliasesField(LinesField):
    """What people call it: each once, as long as its column."""

    def clean(self, value: Any) -> Any:
        aliases = list(dict.fromkeys(super().clean(value)))
        for number, line in enumerate(aliases, start=1):
            if len(line) > 200:
                raise ValidationError(_("Dòng %(number)s: dài quá 200 chữ cái."), params={"number": number})
        return aliases


class ShapedField(LinesField):
    """One thing a line, its parts between `|` in the order of the shape: values have `;` in them."""

    def __init__(self, *, shape: str, **more: Any) -> None:
        super().__init__(**more)
        self.shape = shape

    def clean(self, value: Any) -> Any:
        names = SHAPES[self.shape]
        found = []
        for number, line in enumerate(super().clean(value), start=1):
            parts = [part.strip() for part in line.split("|", len(names) - 1)]
            one: dict[str, Any] = dict(zip(names, [*parts, *[""] * len(names)], strict=False))
            self._check(one, number)
            found.append(one)
        return found

    def _check(self, one: dict[str, Any], number: int) -> None:
        if "originals" in one:
            if not one["name"] or _PARTED_BY_SEMICOLONS.match(one["name"]):
                raise ValidationError(
                    _(
                        "Dòng %(number)s: bắt đầu bằng tên giấy tờ, các phần cách nhau bằng dấu |, ví dụ “Tờ khai | 1 | 0”."
                    ),
                    params={"number": number},
                )
            for count in ("originals", "copies"):
                if one[count] and not COUNT.fullmatch(one[count]):
                    raise ValidationError(
                        _("Dòng %(number)s: số bản phải là chữ số, nhiều nhất ba chữ số, ví dụ “Tờ khai | 1 | 0”."),
                        params={"number": number},
                    )
                one[count] = int(one[count] or 0)
        if "way" in one:
            if one["way"].lower() not in WRITTEN_WAYS:
                raise ValidationError(
                    _("Dòng %(number)s: bắt đầu bằng trực tiếp, trực tuyến hoặc bưu điện, rồi dấu |."),
                    params={"number": number},
                )
            one["way"] = WRITTEN_WAYS[one["way"].lower()]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        names, written = SHAPES[self.shape], {way: words for words, way in WRITTEN_WAYS.items()}
        lines = []
        for each in value or []:
            parts = [_NEW_LINES.sub(" ", str(each.get(name, "")).replace("|", "/")).strip() for name in names]
            if names[0] == "way":
                parts[0] = written.get(parts[0], parts[0])
            lines.append(" | ".join(parts).rstrip(" |"))
        return "\n".join(lines)


class AnswerForm(forms.Form):
    """`seen`: the state of the answer when it was opened."""

    seen = forms.CharField(max_length=20, widget=forms.HiddenInput)
    owner = forms.IntegerField(label=gettext_lazy("Cơ quan phụ trách"), required=False)
    review_by = DayField(label=gettext_lazy("Rà soát trước ngày"), required=False)
    valid_to = DayField(label=gettext_lazy("Đến hết ngày"), required=False)

    def clean_owner(self) -> int | None:
        chosen = self.cleaned_data.get("owner")
        if chosen and chosen not in {agency.pk for agency in snapshot.agencies()}:
            raise ValidationError(_("Hãy chọn một cơ quan trong danh sách."))
        return chosen or None

    def content(self) -> dict[str, Any]:
        """The columns as a draft keeps them."""
        columns = {name: value for name, value in self.cleaned_data.items() if name not in {"seen", "settled"}}
        columns["owner_id"] = columns.pop("owner")
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}


class AliasedForm(AnswerForm):
    """What people call it besides."""

    aliases = AliasesField(label=gettext_lazy("Người dân gọi là (mỗi dòng một cách)"), required=False)


class ProcedureForm(AliasedForm):
    field_order = ("name", "summary", "aliases", "papers", "steps", "ways", "place", "agency")
    name = WordsField(
        label=gettext_lazy("Tên thủ tục"), max_length=1500,
        error_messages={"required": gettext_lazy("Hãy ghi tên thủ tục.")},
    )  # fmt: skip
    summary = WordsField(label=gettext_lazy("Nói ngắn, bằng lời thường"), required=False, max_length=1000)
    agency = WordsField(label=gettext_lazy("Cơ quan giải quyết"), required=False, max_length=1000)
    place = WordsField(label=gettext_lazy("Nơi nộp"), required=False, max_length=1000)
    requirements = WordsField(label=gettext_lazy("Điều kiện"), required=False, max_length=5000)
    steps = LinesField(label=gettext_lazy("Các bước (mỗi dòng một bước)"), required=False)
    papers = ShapedField(
        shape="papers", label=gettext_lazy("Giấy tờ: tên | bản chính | bản sao | mẫu | ghi chú"), required=False
    )
    ways = ShapedField(
        shape="ways",
        label=gettext_lazy("Cách nộp: trực tiếp (trực tuyến, bưu điện) | thời hạn | lệ phí | ghi chú"),
        required=False,
    )
    result = WordsField(label=gettext_lazy("Kết quả"), required=False, max_length=1000)
    legal_basis = ShapedField(shape="legal_basis", label=gettext_lazy("Căn cứ: số | tên"), required=False)
    decision = WordsField(label=gettext_lazy("Quyết định công bố"), required=False, max_length=200)
    settled = forms.MultipleChoiceField(required=False, label=gettext_lazy("Chỗ đã xem và ghi lại cho đúng"))

    def __init__(self, *args: Any, troubles: list[dict[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.troubles = troubles
        settled = self.fields["settled"]
        assert isinstance(settled, forms.MultipleChoiceField)
        settled.choices = [(each["at"], each["at"]) for each in troubles]

    def content(self) -> dict[str, Any]:
        settled = set(self.cleaned_data["settled"])
        return super().content() | {"troubles": [each for each in self.troubles if each["at"] not in settled]}


class ArticleForm(AliasedForm):
    field_order = ("question", "answer", "short", "aliases", "legal_basis")
    question = WordsField(
        label=gettext_lazy("Câu hỏi"), max_length=300,
        error_messages={"required": gettext_lazy("Hãy ghi câu hỏi như người dân hỏi.")},
    )  # fmt: skip
    answer = WordsField(
        label=gettext_lazy("Trả lời"), max_length=10_000,
        error_messages={"required": gettext_lazy("Hãy viết câu trả lời.")},
    )  # fmt: skip
    short = WordsField(label=gettext_lazy("Trả lời ngắn, cho tin nhắn và điện thoại"), required=False, max_length=300)
    legal_basis = WordsField(label=gettext_lazy("Căn cứ"), required=False, max_length=500)


class TableForm(AnswerForm):
    field_order = ("name", "about", "source", "as_of", "keyword", "lists_counters", "url", "minutes", "rows")
    name = WordsField(label=gettext_lazy("Tên bảng"), max_length=200)
    about = WordsField(label=gettext_lazy("Bảng này cho biết gì"), required=False, max_length=500)
    source = WordsField(label=gettext_lazy("Nguồn"), max_length=300)
    as_of = DayField(label=gettext_lazy("Số liệu ngày"))
    keyword = forms.RegexField(
        r"^[A-Za-z0-9]{2,20}$", label=gettext_lazy("Từ khóa nhắn tin"), required=False,
        error_messages={"invalid": gettext_lazy("Từ khóa: 2 đến 20 chữ không dấu hoặc số, viết liền.")},
    )  # fmt: skip
    lists_counters = forms.BooleanField(
        label=gettext_lazy("Bảng này là nơi nhận hồ sơ của từng phường, xã"), required=False,
        help_text=gettext_lazy("Ai hỏi nộp ở đâu thì đọc cả dòng của phường mình: địa chỉ, giờ, điện thoại."),
    )  # fmt: skip
    url = forms.URLField(label=gettext_lazy("Tự lấy từ địa chỉ"), required=False, assume_scheme="https")
    minutes = forms.IntegerField(
        label=gettext_lazy("Mỗi bao nhiêu phút"), required=False,
        validators=[MinValueValidator(5), MaxValueValidator(10_080)],
    )  # fmt: skip
    rows = forms.RegexField(
        r"^[A-Za-z0-9_.]{1,80}$", label=gettext_lazy("Danh sách nằm ở đâu trong JSON, ví dụ data.items"), required=False,
        error_messages={"invalid": gettext_lazy("Ghi các tên cách nhau bằng dấu chấm, ví dụ data.items.")},
    )  # fmt: skip

    def __init__(self, *args: Any, table: LookupTable, **more: Any) -> None:
        super().__init__(*args, **more)
        self.table = table

    def clean_keyword(self) -> str:
        word = str(self.cleaned_data["keyword"]).upper()
        if word and word != self.table.keyword:
            if _is_command(word):
                raise ValidationError(_("Từ này tổng đài đã dùng cho việc khác. Hãy chọn từ khác."))
            if other := _table_called(word, but=self.table):
                raise ValidationError(
                    _("Bảng “%(name)s” đã dùng từ khóa này. Hãy chọn từ khác."), params={"name": other.name}
                )
        return word

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if url and outgoing.is_inside(urlsplit(url).hostname or "", urlsplit(url).port):
            raise ValidationError(_("Địa chỉ này nằm trong mạng nội bộ, không lấy từ đó được."))
        return url

    def content(self) -> dict[str, Any]:
        columns = super().content()
        url, minutes, rows = (columns.pop(name) for name in ("url", "minutes", "rows"))
        pull = {"url": url, "minutes": minutes or 60, "rows": rows} if url else {}
        return columns | {"pull": pull}


def _is_command(word: str) -> bool:
    """Whether a text that begins with the word asks for something else than a table."""
    said = (word, f"{word} le chan", f"{word} 12345678")
    return any(
        not isinstance(asks_for(text, dossier=lambda typed: typed if typed == "le chan" else ""), Matter)
        for text in said
    )


def _table_called(word: str, *, but: LookupTable) -> LookupTable | None:
    drafted = Draft.objects.filter(kind=LookupTable.KIND, content__keyword__iexact=word).values("row")
    others = LookupTable.objects.exclude(pk=but.pk).exclude(state=State.WITHDRAWN)
    return others.filter(Q(keyword__iexact=word) | Q(pk__in=drafted)).first()


def table_form(data: Any = None, *, table: LookupTable, content: dict[str, Any], seen: str) -> TableForm:
    """A table's, filled with what it says (its draft before what is published)."""
    first = content | content["pull"] | {"seen": seen, "owner": content.get("owner_id")}
    return TableForm(data, table=table, initial=first)


def form_for(row: EditedAnswer, data: Any = None, *, content: dict[str, Any], seen: str) -> AliasedForm:
    """The form of this answer, filled with what it says (a draft's words before the published ones)."""
    first = content | {"seen": seen, "owner": content.get("owner_id")}
    if isinstance(row, Procedure):
        return ProcedureForm(data, initial=first, troubles=content.get("troubles", []))
    assert isinstance(row, Article)
    return ArticleForm(data, initial=first)
