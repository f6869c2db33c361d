"""Every way to say something in a template or in code is found by `tongdai translations`."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tongdai.language import translations


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ('{% translate "Gửi" %}', "Gửi"),
        ('{% translate "Gửi" as label %}', "Gửi"),
        ("{% blocktranslate with n=count %}Có {{ n }} phiếu{% endblocktranslate %}", "Có %(n)s phiếu"),
        ("{% blocktranslate trimmed asvar x %}\n  Mỗi dòng\n  một ý.\n{% endblocktranslate %}", "Mỗi dòng một ý."),
        ("{% blocktranslate count n=count %}một{% plural %}{{ n }}{% endblocktranslate %}", ("một", "%(n)s", None)),
        ('{% include "part.html" with label=_("Gửi") %}', "Gửi"),
        ('{{ name|default:_("Chưa rõ tên") }}', "Chưa rõ tên"),
    ],
)
def test_the_words_of_a_template_are_found(template: str, words: object) -> None:
    file = io.BytesIO(f"{{% load i18n %}}\n{template}".encode())
    found = [
        said for _line, _name, said, _comments in translations.extract_template(file, translations.KEYWORDS, (), {})
    ]
    assert words in found


def test_what_is_translated_stays_and_what_nobody_says_any_more_goes(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(translations, "PACKAGE", tmp_path)
    room = tmp_path / "desk"
    room.mkdir()
    (room / "apps.py").touch()
    says = room / "views.py"
    says.write_text('label = _("Gửi")\nold = _("Cũ")\n')
    translations.extract()
    catalogue = room / "locale/en/LC_MESSAGES/django.po"
    assert 'msgid "Gửi"\nmsgstr ""' in catalogue.read_text()
    catalogue.write_text(catalogue.read_text().replace('msgid "Gửi"\nmsgstr ""', 'msgid "Gửi"\nmsgstr "Send"'))

    says.write_text('label = _("Gửi")\nnew = gettext_lazy("Mới")\n')
    translations.extract()
    assert 'msgid "Gửi"\nmsgstr "Send"' in catalogue.read_text()
    assert 'msgid "Mới"' in catalogue.read_text() and "Cũ" not in catalogue.read_text()


def test_words_with_other_placeholders_are_told(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(translations, "PACKAGE", tmp_path)
    room = tmp_path / "desk"
    (room / "locale/en/LC_MESSAGES").mkdir(parents=True)
    (room / "apps.py").touch()
    (room / "views.py").write_text('label = _("Gọi {number}")\nother = _("Gửi")\n')
    (room / "locale/en/LC_MESSAGES/django.po").write_text('msgid "Gọi {number}"\nmsgstr "Call {phone}"\n')
    with pytest.raises(translations.typer.Exit):
        translations.check()
    told = capsys.readouterr().err
    assert "desk: other placeholders in the English of 'Gọi {number}'" in told
    assert "desk: no English for 'Gửi'" in told
