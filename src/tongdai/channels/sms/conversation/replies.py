"""What a text is answered, beside what `notify` tells of a case: a clerk's few words, so many an hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.cases import queries
from tongdai.cases.actions.reopen import may_reopen
from tongdai.cases.codes import spoken
from tongdai.cases.models import Answer, Case
from tongdai.cases.states import NOBODY_YET, OPEN, State
from tongdai.cases.triage.danger import write_instead
from tongdai.cases.triage.kind import Kind
from tongdai.channels import limits, links, outbound
from tongdai.knowledge.dossiers import one_stop
from tongdai.language.dates import day_in_words, hour_in_words, in_words
from tongdai.people.interactions import contact_for
from tongdai.people.purposes import Purpose

from ..encoding import lengths
from .grammar import is_a_nod
from .own_case import CITIZEN
from .understanding import Understanding

ANSWERED = frozenset({State.ANSWERED, State.CLOSED})
SHORT_SUBJECT, MOST_CODES = 24, 4
UNHAPPY = 2  # stars, at most


def how_it_works(understood: Understanding, *, at: datetime) -> None:
    """A greeting, an empty text, a keyword alone."""
    send_reply(
        understood,
        _(
            "1022: nhắn việc gì, ở đâu (đường, phường). Hỏi thủ tục: TTHC và câu hỏi. Xem phiếu: TRA và mã. Hoặc gọi 1022."
        ),
        at=at,
    )


def nothing_asked(understood: Understanding, keyword: str, *, at: datetime) -> None:
    """`TTHC` or `HS` with nothing after it."""
    if keyword == "hs":
        held = one_stop.source()
        words = _("Nhắn HS và mã hồ sơ ghi trên giấy hẹn.")
        if held is not None and held.example:
            words += " " + _("Ví dụ: HS {code}").format(code=held.example)
    else:
        words = _("Nhắn TTHC và điều muốn hỏi. Ví dụ: TTHC khai sinh")
    send_reply(understood, words, at=at)


def wrong_code(understood: Understanding, *, at: datetime) -> None:
    send_reply(
        understood,
        _("Mã này chưa đúng. Mã phiếu có 11 chữ số, ví dụ 7304 1859 261. Xin xem lại rồi nhắn TRA và mã."),
        at=at,
    )


def open_status(understood: Understanding, code: str, *, at: datetime) -> None:
    """What anyone who has the code may know."""
    status = queries.status_by_code(code)
    if status is None:
        send_reply(
            understood,
            _("Không có phiếu nào mang mã {code}. Xin xem lại mã, hoặc gọi 1022.").format(code=spoken(code)),
            purpose=Purpose.ANSWER,
            at=at,
        )
    else:
        standing = _standings(
            code,
            status.state,
            agency=status.agency,
            due_at=status.due_at if status.promises_date and not understood.judged.own_life else None,
            danger=(status.in_danger, status.taken_at),
            waits_until=status.waits_until,
        )
        send_reply(understood, lengths.first_that_fits(*standing), purpose=Purpose.ANSWER, at=at)


def whole_status(understood: Understanding, case: Case, *, at: datetime) -> None:
    """For the proven number on the case: how it stands, the answer's words, the link. Of a denunciation no agency, no words."""
    answer = Answer.objects.filter(case=case).order_by("-pk").first()
    if answer is not None and not case.confidential and State(case.state) in ANSWERED:
        told = _("Phiếu {code} đã trả lời: {text}").format(code=spoken(case.code), text=answer.text)
        linked = f"{told} {links.LINK}"
        words = linked if lengths.fits(linked) else lengths.Segments().cut(told, most=lengths.BRIEF, end=links.LINK)
    else:
        see = _("Xem phiếu: {link}").format(link=links.LINK)
        standings = _standings_of(case, understood)
        words = lengths.first_that_fits(f"{standings[0]} {see}", *(f"{each} {links.LINK}" for each in standings))
    send_reply(understood, words, purpose=Purpose.ANSWER, at=at, about=case)


def no_case(understood: Understanding, *, at: datetime) -> None:
    """Who asks how it stands has no case with us, or a very old one."""
    send_reply(
        understood,
        _("1022 chưa thấy phiếu nào của số này. Nhắn TRA và mã phiếu; hoặc nhắn việc gì, ở đâu."),
        purpose=Purpose.ANSWER,
        at=at,
    )


def codes_again(understood: Understanding, cases: Sequence[Case], *, at: datetime) -> None:
    """Which codes this number has, to the number alone that has them: one as how it stands is told, several by their subjects."""
    if len(cases) == 1:
        standings = _standings_of(cases[0], understood)
        told = [f"{_('Mã có trong tin 1022 đã nhắn cho số này.')} {each}" for each in standings]
        words = lengths.first_that_fits(f"{told[0]} {links.LINK}", *told, standings[-1])
        return send_reply(understood, words, purpose=Purpose.ANSWER, at=at, about=cases[0])
    named = [f"{spoken(case.code)} ({_subject(case)})" for case in cases]
    lists = ["; ".join(named[:many]) for many in range(len(named), 0, -1)]
    wordings = [_("Mã có trong các tin 1022 đã nhắn: {codes}.").format(codes=each) for each in lists]
    codes_alone = ", ".join(spoken(case.code) for case in cases[:MOST_CODES])
    wordings.insert(1, _("Mã các phiếu của số này: {codes}.").format(codes=codes_alone))
    return send_reply(understood, lengths.first_that_fits(*wordings), purpose=Purpose.ANSWER, at=at)


def _subject(case: Case) -> str:
    """Of what it is, in a word or two; of a denunciation nothing but its day, for others may read over a shoulder."""
    if case.topic is None or case.confidential:
        return day_in_words(case.received_at)
    name = case.topic.name
    return name if len(name) <= SHORT_SUBJECT else name[:SHORT_SUBJECT].rsplit(" ", 1)[0] + "…"


def courtesy(understood: Understanding, kind: Kind, *, at: datetime) -> None:
    """A calm line to words that ask for nothing; the same once a day, however often they come."""
    send_reply(understood, _calm_line(kind), at=at, once=_once_a_day(kind, at=at))


def _once_a_day(kind: Kind, *, at: datetime) -> str:
    return f"sms-courtesy:{kind}:{day_in_words(at)}"


def _calm_line(kind: Kind) -> str:
    match kind:
        case Kind.INSULT:
            return _("Xin lỗi vì bạn phải bực mình. Bạn cần giúp việc gì, ở đâu, xin nhắn lại, hoặc gọi 1022.")
        case Kind.NO_NAME:
            return _("Bạn không cần nêu tên. Xin nhắn việc gì, ở đâu (đường, phường), hoặc gọi 1022.")
        case Kind.MISTAKE:
            return _("Không sao. Đây là tổng đài 1022 của thành phố; bạn không cần làm gì thêm.")
        case Kind.THANKS | Kind.RATING | Kind.WITHDRAWAL:
            return _("Cảm ơn bạn. Cần giúp việc gì, xin nhắn việc gì, ở đâu (đường, phường), hoặc gọi 1022.")
        case _:
            return _("1022 chưa hiểu tin này. Xin nhắn việc gì, ở đâu (đường, phường), hoặc gọi 1022.")


def gone_on(understood: Understanding, case: Case, kind: Kind, *, at: datetime) -> None:
    """What was done with words that went on with a case; thanks are answered once a day, a mere OK is not."""
    code = spoken(case.code)
    match kind:
        case Kind.THANKS:
            if understood.judged.shown:
                send_reply(understood, "", at=at)
            elif not is_a_nod(understood.text.body):
                words = _("Cảm ơn bạn. Lời này được ghi vào phiếu {code}.").format(code=code)
                send_reply(understood, words, at=at, once=_once_a_day(kind, at=at))
        case Kind.RATING:
            send_reply(understood, _("Đã ghi đánh giá của bạn vào phiếu {code}. Cảm ơn bạn.").format(code=code), at=at)
        case Kind.WITHDRAWAL:
            words = _("Đã ghi vào phiếu {code} là việc đã xong hoặc không cần nữa, để cơ quan xử lý biết. Cảm ơn bạn.")
            send_reply(understood, words.format(code=code), at=at)
        case Kind.QUESTION:
            words = _("Đã ghi câu hỏi vào phiếu {code} để cơ quan xử lý biết. Nhắn 0 để hỏi riêng người trực.")
            send_reply(understood, words.format(code=code), purpose=Purpose.ANSWER, at=at)
        case Kind.NO_NAME:
            words = _("Đã ghi vào phiếu {code} là bạn không muốn lộ tên, để cơ quan xử lý biết.").format(code=code)
            send_reply(understood, words, at=at)
        case Kind.HELP:
            how = _("Muốn nói thêm, xin nhắn tiếp; gặp người trực: gọi 1022.")
            standings = _standings_of(case, understood)
            words = lengths.first_that_fits(*(f"{each} {how}" for each in standings), standings[-1])
            send_reply(understood, words, purpose=Purpose.ANSWER, at=at)
        case Kind.INSULT:
            sorry = _("Xin lỗi vì bạn phải bực mình.")
            standings = _standings_of(case, understood)
            words = lengths.first_that_fits(*(f"{sorry} {each}" for each in standings), standings[-1])
            send_reply(understood, words, at=at)
        case _:
            standings = _standings_of(case, understood)
            wholes = [_("Đã ghi thêm vào phiếu của bạn. {standing}").format(standing=each) for each in standings]
            wholes += [
                _("Đã ghi thêm. {standing}").format(standing=each) for each in (standings[-1], spoken(case.code))
            ]
            words = next((each for each in wholes if lengths.fits(_with_whom_to_ring(understood, each))), wholes[-1])
            if case.in_danger and understood.judged.cannot_ring and not understood.judged.shown:
                words = f"{write_instead()} {words}"
            send_reply(understood, words, at=at)


def reopened(understood: Understanding, case: Case, *, at: datetime) -> None:
    """Who looks at it again, by when."""
    wholes = [_("Đã mở lại phiếu của bạn để xem lại. {standing}"), _("Đã mở lại. {standing}")]
    wordings = [whole.format(standing=each) for each in _standings_of(case, understood) for whole in wholes]
    send_reply(understood, lengths.first_that_fits(*wordings), at=at)


def replied(understood: Understanding, case: Case, *, at: datetime) -> None:
    """What the city waited for is there, and the case goes on: with whom, by when."""
    wholes = [_("Đã nhận trả lời của bạn, phiếu được xử lý tiếp. {standing}"), _("Đã nhận trả lời của bạn. {standing}")]
    wordings = [whole.format(standing=each) for each in _standings_of(case, understood) for whole in wholes]
    send_reply(understood, lengths.first_that_fits(*wordings), at=at)


def which_question(understood: Understanding, case: Case, *, at: datetime) -> None:
    """Several cases of this number wait for a reply."""
    words = _("Số này có vài phiếu chờ bạn trả lời. Xin nhắn mã phiếu kèm trả lời, ví dụ: {code} có 2 hộ.")
    send_reply(understood, words.format(code=spoken(case.code)), purpose=Purpose.ANSWER, at=at)


def withdrawn(understood: Understanding, case: Case, *, at: datetime) -> None:
    """The case is over by its citizen's wish; how to begin again, should that have been misread."""
    words = _("Phiếu {code} đã rút: việc đã xong hoặc không cần nữa. Nếu vẫn cần, xin nhắn lại việc gì, ở đâu.")
    send_reply(understood, words.format(code=spoken(case.code)), at=at, standing_of=case)


def withdrawal_noted(understood: Understanding, case: Case, *, at: datetime) -> None:
    """A person is to decide; the text doesn't say what kind of case it is."""
    words = _("Đã ghi vào phiếu {code} là bạn xin rút. Có người xem lại rồi mới kết thúc; cho đến lúc ấy vẫn xử lý.")
    send_reply(understood, words.format(code=spoken(case.code)), at=at)


def which_one(understood: Understanding, case: Case, *, at: datetime) -> None:
    """This number has several open cases."""
    words = _("Số này có vài phiếu chưa xong. Để rút, xin nhắn: xin huỷ và mã phiếu, ví dụ: xin huỷ {code}.")
    send_reply(understood, words.format(code=spoken(case.code)), purpose=Purpose.ANSWER, at=at)


def rated(understood: Understanding, case: Case, stars: int, *, at: datetime) -> None:
    """Whoever isn't content is told how to have the case looked at again."""
    words = _("Đã ghi đánh giá {stars}/5 của bạn cho câu trả lời phiếu {code}. Cảm ơn bạn.")
    if stars <= UNHAPPY and may_reopen(case, by=CITIZEN, at=at):
        words = _(
            "Đã ghi đánh giá {stars}/5 cho phiếu {code}. Việc chưa xong thì nhắn điều chưa được, phiếu sẽ mở lại."
        )
    send_reply(understood, words.format(stars=stars, code=spoken(case.code)), at=at)


def not_rated(understood: Understanding, case: Case, *, between: bool, at: datetime) -> None:
    """`between`: the number was none of 1 to 5; else the answer has its rating."""
    words = (
        _("Đánh giá phiếu {code}: xin nhắn một số từ 1 (rất chưa hài lòng) đến 5 (rất hài lòng).")
        if between
        else _("Câu trả lời phiếu {code} đã có đánh giá của bạn. Lời này được ghi thêm vào phiếu. Cảm ơn bạn.")
    )
    send_reply(understood, words.format(code=spoken(case.code)), at=at)


def refusal_noted(understood: Understanding, *, refused: bool, at: datetime) -> None:
    words = (
        _("1022 sẽ không tự nhắn cho số này nữa; việc bạn gửi vẫn được trả lời. Muốn nhận lại, nhắn START.")
        if refused
        else _("1022 lại nhắn tin cho số này như trước.")
    )
    send_reply(understood, words, at=at)


def received_again(understood: Understanding, case: Case, *, at: datetime) -> None:
    """The same words within a day: they are kept in the first case."""
    whole = _("1022 đã nhận thêm tin này vào phiếu đã có. {standing}")
    words = lengths.first_that_fits(*(whole.format(standing=each) for each in _standings_of(case, understood)))
    send_reply(understood, words, at=at)


def _standings_of(case: Case, understood: Understanding) -> list[str]:
    """`understood`: what it is told in reply to; whoever may be in danger themselves is told no date."""
    status = queries.status_of(case)
    due_at = case.due_at if queries.promises_date(case) and not understood.judged.own_life else None
    return _standings(
        case.code, status.state, agency=status.agency, due_at=due_at, danger=(case.in_danger, case.taken_at),
        waits_until=case.waits_until,
    )  # fmt: skip


def _standings(
    code: str, state: State, *, agency: str, due_at: datetime | None, danger: tuple[bool, datetime | None],
    waits_until: datetime | None = None,
) -> list[str]:  # fmt: skip
    """How the case stands, from the fullest wording to the shortest: the agency's name gives way first."""
    names = [agency, *(f"{agency[:most].rsplit(' ', 1)[0]}…" for most in (48, 36, 24) if len(agency) > most), ""]
    if waits_until is not None:
        return list(dict.fromkeys(_waiting(code, agency=each, until=waits_until) for each in names))
    return list(dict.fromkeys(_standing(code, state, agency=each, due_at=due_at, danger=danger) for each in names))


def _waiting(code: str, *, agency: str, until: datetime) -> str:
    """That the city waits for an answer: no date of its own is told beside the one by which it wants to have it."""
    if not agency:
        return _("Phiếu {code}: chờ người gửi trả lời câu hỏi, chậm nhất {until}.").format(
            code=spoken(code), until=day_in_words(until)
        )
    return _("Phiếu {code}: {agency} chờ người gửi trả lời câu hỏi, chậm nhất {until}.").format(
        code=spoken(code), agency=agency, until=day_in_words(until)
    )


def _standing(
    code: str, state: State, *, agency: str, due_at: datetime | None, danger: tuple[bool, datetime | None]
) -> str:
    """Who has it, by when. `danger`: whether a life is in it, then no date; and since when who is on duty has it."""
    in_danger, taken_at = danger
    if state not in OPEN:
        return _("Phiếu {code}: {state}.").format(code=spoken(code), state=state.label)
    if in_danger and state in NOBODY_YET and taken_at:
        return _("Phiếu {code}: người trực của thành phố đã nhận việc lúc {at}.").format(
            code=spoken(code), at=hour_in_words(taken_at)
        )
    if in_danger and state in NOBODY_YET:
        return _("Phiếu {code}: người trực của thành phố đang được báo.").format(code=spoken(code))
    if (in_danger or due_at is None) and not agency:
        return _("Phiếu {code}: {state}.").format(code=spoken(code), state=state.label)
    if in_danger or due_at is None:
        return _("Phiếu {code}: {state}, {agency}.").format(code=spoken(code), state=state.label, agency=agency)
    if agency:
        return _("Phiếu {code}: {state}, {agency}. Hạn trả lời: {due}.").format(
            code=spoken(code), state=state.label, agency=agency, due=in_words(due_at)
        )
    return _("Phiếu {code}: {state}. Hạn trả lời: {due}.").format(
        code=spoken(code), state=state.label, due=in_words(due_at)
    )


def whom_to_ring(understood: Understanding, *, at: datetime) -> None:
    """The number alone, at once."""
    send_reply(understood, "", at=at, purpose=Purpose.DANGER)


def send_reply(
    understood: Understanding,
    words: str,
    *,
    at: datetime,
    purpose: Purpose = Purpose.RECEIPT,
    about: Case | None = None,
    standing_of: Case | None = None,
    once: str = "",
    nth: int = 0,
) -> None:
    """Queue the words, unless there is no number to answer to, or it has had its texts of this hour.

    Whom to ring stands before them where the text speaks of danger. `about`: the case that a link in them opens, and
    of which they say how it stands; `standing_of`: such a case without a link. `once`: names words that go to this
    contact a single time. `nth`: of several replies to one text, from 0.
    """
    text, phone = understood.text, understood.text.phone
    if not phone:
        return
    if understood.judged.shown and not nth:
        words, purpose = _with_whom_to_ring(understood, words), Purpose.DANGER
    reply = f"sms-reply:{text.parts[-1].pk}" + (f":{nth}" if nth else "")
    contact = contact_for(phone, at=at, proven=True)
    outbound.send(
        contact,
        words,
        purpose=purpose,
        key=f"{once}:{contact.pk}" if once and not understood.judged.shown else reply,
        at=at,
        limited=limits.of_a_conversation(purpose),
        announces_silence=True,
        case=about,
        standing_of=about or standing_of,
        in_history=False,
    )


def _with_whom_to_ring(understood: Understanding, words: str) -> str:
    return " ".join(filter(None, [understood.judged.whom_to_ring if understood.judged.shown else "", words]))
