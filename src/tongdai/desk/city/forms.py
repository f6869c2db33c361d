"""The forms of a topic and of an agency: all that their CSV holds. What may be is judged by `directory.changes.rules`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdai.directory import snapshot
from tongdai.directory.changes.columns import Row, columns_of
from tongdai.directory.models import WAIT_DAYS, Agency, Place, Topic
from tongdai.language.text import clean
from tongdai.platform.clock import today
from tongdai.platform.typed_input import LONGEST_ID, DayField

_NOT_THERE = _("Không còn mục này. Hãy chọn lại.")


def sentence(why: str) -> str:
    """A reason of the rules, as it stands under a field."""
    return f"{why[:1].upper()}{why[1:]}" + ("" if why.endswith((".", "!", "?")) else ".")


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One row of a list; one that holds no more says so."""

    def label_from_instance(self, obj: Any) -> str:
        return str(_("{name} (đã kết thúc)").format(name=obj)) if obj.valid_to and obj.valid_to < today() else str(obj)


class WordsField(forms.CharField):
    """Words as the house keeps them; how long they may be is the rules'."""

    def clean(self, value: Any) -> str:
        return clean(super().clean(value))


class RowForm(forms.Form):
    """What topics and agencies have in common."""

    model: type[Row]
    name = WordsField(label=_("Tên"), error_messages={"required": _("Hãy gõ tên.")})
    code = forms.SlugField(
        label=_("Mã"),
        required=False,
        max_length=60,
        error_messages={"invalid": _("Mã chỉ gồm chữ không dấu, số, gạch nối; ví dụ: chieu-sang.")},
    )
    parent = RowField(
        Topic.objects.none(), required=False, empty_label=_("không nằm dưới mục nào"),
        error_messages={"invalid_choice": _NOT_THERE},
    )  # fmt: skip
    valid_from = DayField(label=_("Từ ngày"), required=False)
    valid_to = DayField(label=_("Đến hết ngày"), required=False)

    def __init__(self, *args: Any, row: Row | None = None, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)
        if row is not None:
            del self.fields["code"]
        above = _holding(self.model, row.parent_id if row else None)
        self.fields["parent"].queryset = above.exclude(pk=row.pk) if row else above  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The columns as they were typed, once the form is valid."""
        return {name: self.cleaned_data[name] for name in columns_of(self.model)}

    def refuse(self, wrong: Mapping[str, str]) -> None:
        """Say at each field why the rules don't take it."""
        for name, why in wrong.items():
            self.add_error(name if name in self.fields else None, sentence(why))


def initial_of(row: Row) -> dict[str, Any]:
    """A row as its form begins."""
    values = {name: getattr(row, name) for name in columns_of(row) if name != "places"}
    return values | ({"places": list(row.places.all())} if isinstance(row, Agency) else {})


class TopicForm(RowForm):
    """A topic: who answers, by when, and what is special about its cases."""

    model = Topic
    field_order = ["name", "code"]
    agency = RowField(
        Agency.objects.none(), label=_("Cơ quan mặc định"), required=False, empty_label=_("theo lĩnh vực trên, hoặc chưa có"),
        error_messages={"invalid_choice": _NOT_THERE},
    )  # fmt: skip
    by_place = forms.BooleanField(label=_("Chuyển đến UBND địa phương nơi xảy ra"), required=False)
    limit_hours = forms.IntegerField(
        label=_("Thời hạn trả lời (giờ làm việc)"),
        initial=40,
        error_messages={
            "required": _("Hãy ghi số giờ làm việc, ví dụ 40: năm ngày làm việc."),
            "invalid": _("Hãy ghi một số giờ làm việc, ví dụ 40: năm ngày làm việc."),
        },
    )
    wait_days = forms.IntegerField(
        label=_("Chờ người dân trả lời (ngày làm việc)"),
        initial=WAIT_DAYS,
        error_messages={
            "required": _("Hãy ghi số ngày làm việc, ví dụ 5."),
            "invalid": _("Hãy ghi một số ngày làm việc, ví dụ 5."),
        },
    )
    legal_basis = WordsField(label=_("Căn cứ pháp lý"), required=False)
    urgent = forms.BooleanField(label=_("Khẩn: báo ngay người trực, ngày đêm"), required=False)
    confidential = forms.BooleanField(label=_("Mật: như tố cáo, chỉ thanh tra xem"), required=False)
    health = forms.BooleanField(label=_("Có thông tin sức khỏe: hỏi người gửi có đồng ý không"), required=False)
    anonymous_allowed = forms.BooleanField(label=_("Nhận phiếu ẩn danh"), required=False, initial=True)
    proof_required = forms.BooleanField(label=_("Trả lời phải kèm ảnh hoặc tài liệu"), required=False)
    approval_required = forms.BooleanField(label=_("Trả lời phải có người duyệt trước khi gửi"), required=False)
    hides_sender = forms.BooleanField(
        label=_("Giấu người gửi: cơ quan phải nêu lý do mới thấy tên và số"), required=False
    )
    keywords = WordsField(label=_("Từ khóa để gợi ý lĩnh vực"), required=False)

    def __init__(self, *args: Any, row: Row | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["parent"].label = _("Nằm dưới lĩnh vực")
        chosen = row.agency_id if isinstance(row, Topic) else None
        self.fields["agency"].queryset = _holding(Agency, chosen)  # type: ignore[attr-defined]

    def clean_keywords(self) -> str:
        return "\n".join(filter(None, map(str.strip, self.cleaned_data["keywords"].splitlines())))


class AgencyForm(RowForm):
    """An agency: what it is, whom it is under, and where it is competent."""

    model = Agency
    field_order = ["name", "code", "kind"]
    kind = forms.ChoiceField(
        label=_("Loại"),
        choices=Agency.Kind.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Hãy chọn một loại cơ quan.")),
    )
    phone = WordsField(label=_("Điện thoại"), required=False)
    handles_denunciations = forms.BooleanField(
        label=_("Giải quyết tố cáo: thanh tra chuyển tố cáo đến được"), required=False
    )
    places = forms.ModelMultipleChoiceField(
        Place.objects.defer("boundary"),
        label=_("Địa bàn phụ trách"),
        required=False,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), _("Không có địa bàn này. Hãy chọn lại.")),
    )

    def __init__(self, *args: Any, row: Row | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["parent"].label = _("Cơ quan cấp trên")

    def clean_places(self) -> list[Place]:
        return list(self.cleaned_data["places"])

    @property
    def place_choices(self) -> list[tuple[Place, bool]]:
        """Every place of today, and former ones that are chosen; whether each is."""
        value = self["places"].value() or []
        chosen = {str(getattr(each, "pk", each)) for each in value}
        rows = [*snapshot.places()]
        former = [each for each in snapshot.all_places().rows if str(each.pk) in chosen and each not in rows]
        return [(each, str(each.pk) in chosen) for each in (*former, *rows)]


class EndForm(forms.Form):
    """The last day on which something holds."""

    valid_to = DayField(label=_("Ngày cuối"), error_messages={"required": _("Hãy ghi ngày cuối, như 30/06/2025.")})


def read_version(text: str) -> int:
    """What the page said it had seen; a page that says nothing has seen nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else 0


def _holding(model: type[Row], chosen: int | None) -> Any:
    """Those that hold or will, and the one that is chosen already."""
    over = Q(valid_to__isnull=False, valid_to__lt=today())
    rows = model._default_manager.order_by("sort_key")
    return rows.filter(~over | Q(pk=chosen)) if chosen else rows.exclude(over)
