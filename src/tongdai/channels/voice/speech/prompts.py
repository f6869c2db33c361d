"""The fixed texts of the menu as the house gives them; a city changes its own rows, and what it left follows these."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from ..models import Prompt

RECORDED = "recorded"  # the notice that a call is recorded
LANGUAGES = ("vi", "en")

USUAL_PROMPTS = (  # code, Vietnamese, English; where one is empty, everybody hears the other
    ("language", "", "For English press 8."),
    ("greeting", "1 0 2 2 xin nghe. Có người nguy hiểm, bấm 5.",
     "This is 1 0 2 2. If somebody is in danger, press 5."),
    (RECORDED, "Cuộc gọi được ghi âm.", "The call is recorded."),
    ("choices",
     "Gặp điện thoại viên, bấm 0. Cần giúp vì dịch bệnh, bấm 1. Tra cứu phiếu đã gửi, bấm 2. "
     "Hỏi thủ tục hành chính, bấm 3. Nghe câu trả lời có sẵn, bấm 4. Để lại lời nhắn, bấm 9.",
     "To speak to a person, press 0. For help in the epidemic, press 1. To look up a case, press 2. "
     "For administrative procedures, press 3. For ready answers, press 4. To leave a message, press 9."),
    ("closed",
     "Bây giờ ngoài giờ làm việc của tổng đài. Có người đang nguy hiểm, bấm 5. Tra cứu phiếu đã gửi, bấm 2. "
     "Nghe câu trả lời có sẵn, bấm 4. Để lại lời nhắn, bấm 9, hoặc chờ máy.",
     "We are outside our working hours. If somebody is in danger, press 5. To look up a case, press 2. "
     "For ready answers, press 4. To leave a message, press 9, or hold."),
    ("connecting",
     "Xin giữ máy, tổng đài đang nối máy với người nghe. Không muốn chờ, bấm 9 để giữ chỗ và được gọi lại, "
     "hoặc để lại lời nhắn.",
     "Please hold, we are connecting you. If you would rather not wait, press 9 to keep your place and be called back, "
     "or to leave a message."),
    ("or-keep", "Không muốn chờ máy, bấm 9 để giữ chỗ và được gọi lại.",
     "If you would rather not hold, press 9 to keep your place and be called back."),
    ("instead",
     "Giữ chỗ và được gọi lại khi đến lượt, bấm 1. Để lại lời nhắn, bấm 2. Chờ máy tiếp, bấm phím sao.",
     "To keep your place and be called back when it is your turn, press 1. To leave a message, press 2. "
     "To go on waiting, press star."),
    ("right-number", "Đúng số này, bấm 1. Số khác, bấm 2.", "If this number is right, press 1. For another one, press 2."),
    ("key-number", "Hãy bấm số điện thoại để chúng tôi gọi lại, rồi bấm phím thăng.",
     "Please key the telephone number we are to call back, then press hash."),
    ("cannot-ring", "Tổng đài không gọi lại được số này.", "We cannot call this number."),
    ("place-kept", "Đến lượt, tổng đài 1 0 2 2 gọi lại. Ông bà có thể gác máy.",
     "1 0 2 2 will call you back when it is your turn. You may hang up now."),
    ("kept-rings", "Đã đến lượt chỗ ông bà giữ. Gặp điện thoại viên ngay, bấm 1. Không cần nữa, bấm 2.",
     "It is the turn of the place you kept. To speak to a person now, press 1. If you no longer need it, press 2."),
    ("danger",
     "Cháy, cứu nạn, gọi 1 1 4. Cấp cứu, gọi 1 1 5. Công an, gọi 1 1 3. Hoặc giữ máy, chúng tôi tìm người nghe ngay.",
     "For fire or rescue call 1 1 4, for an ambulance 1 1 5, for the police 1 1 3. Or hold, we look for somebody at once."),
    ("duty-rung",
     "Đang gọi người trực của thành phố. Xin giữ máy. Cháy, cứu nạn, gọi 1 1 4. Cấp cứu, gọi 1 1 5. Công an, gọi 1 1 3.",
     "Who is on duty for the city is being rung. Please hold. Fire or rescue: 1 1 4. Ambulance: 1 1 5. Police: 1 1 3."),
    ("duty-found", "Đang nối máy với người trực của thành phố.", "We connect you with who is on duty."),
    ("nobody", "Bây giờ không có điện thoại viên nào trực máy.", "Nobody is here to take calls now."),
    ("nobody-ring-back", "Để chúng tôi gọi lại số máy này, bấm 1.", "To be called back on this number, press 1."),
    ("nobody-message", "Để lại lời nhắn, bấm 9.", "To leave a message, press 9."),
    ("ring-back", "Chúng tôi sẽ gọi lại số máy này. Cảm ơn, xin chào.",
     "We will call you back on this number. Thank you, goodbye."),
    ("notice", "Hiện có nhiều người gọi, thời gian chờ có thể lâu hơn.", "Many people are calling; waits are longer."),
    ("key-code", "Hãy bấm 11 số của mã phiếu.", "Please key the 11 digits of your case code."),
    ("answers", "Câu trả lời có sẵn.", "Ready answers."),
    ("after-answer", "Nghe lại, bấm 1. Nhận đường dẫn qua tin nhắn, bấm 2. Nghe câu khác, bấm 3. Gặp người, bấm 0.",
     "To hear it again, press 1. For a link by text, press 2. For another one, press 3. For a person, press 0."),
    ("key-ward",
     "Hãy đánh vần tên phường, xã bằng các phím có chữ, không dấu, rồi bấm phím thăng. Ví dụ Lê Chân: "
     "5, 3, 2, 4, 2, 6, thăng. Quay lại, bấm phím sao.",
     "Please spell the name of the ward on the lettered keys, then press hash. For example Lê Chân: "
     "5, 3, 2, 4, 2, 6, hash. To go back, press star."),
    ("no-such-ward", "Chưa tìm thấy phường, xã ấy.", "No such ward was found."),
    ("texted", "Đã nhắn đường dẫn đến máy của ông bà.", "The link has been texted to you."),
    ("cannot-text", "Máy này không nhận được tin nhắn.", "This telephone takes no texts."),
    ("no-such-code", "Không có phiếu nào mang mã này.", "There is no case of this code."),
    ("wrong-key", "Phím này không có. Xin nghe lại.", "There is no such key. Please listen again."),
    ("leave-message", "Xin để lại lời nhắn sau tiếng bíp, dài nhất ba phút, rồi gác máy. Chúng tôi sẽ gọi lại.",
     "Please leave a message of up to three minutes after the tone, then hang up. We will call you back."),
    ("message-ends-soon", "Còn nửa phút. Xin nói tiếp.", "Half a minute is left. Please go on."),
    ("one-moment", "Xin chờ một chút, máy của người nghe vừa mất nối.", "One moment please, the line was interrupted."),
    ("goodbye", "Cảm ơn, xin chào.", "Thank you, goodbye."),
    ("calling", "Tổng đài 1 0 2 2 gọi ông bà. Cuộc gọi được ghi âm.", "The city's line 1 0 2 2 calls you. The call is recorded."),
    ("alone", "Tổng đài 1 0 2 2 đang bận. Cuộc gọi được ghi âm. Xin giữ máy, chúng tôi tìm người nghe ngay.",
     "1 0 2 2 is busy. The call is recorded. Please hold, we are looking for somebody."),
)  # fmt: skip


def usual() -> Iterator[tuple[str, str, str]]:
    """(code, language, text) of each."""
    for code, *texts in USUAL_PROMPTS:
        yield from ((code, language, text) for language, text in zip(LANGUAGES, texts, strict=True) if text)


@transaction.atomic
def fill_up() -> None:
    """Add those that are missing; give those that nobody changed the text of this edition. What a city changed it keeps."""
    known = {(each.code, each.language): each for each in Prompt.objects.all()}
    missing, changed = [], []
    for code, language, text in usual():
        row = known.get((code, language))
        if row is None:
            missing.append(Prompt(code=code, language=language, text=text, usual=text))
        elif row.usual != text:
            if row.text == row.usual and not row.recording:
                row.text = text
            row.usual = text
            changed.append(row)
    Prompt.objects.bulk_create(missing, ignore_conflicts=True)
    Prompt.objects.bulk_update(changed, ["text", "usual"])


def announces_recording(text: str, language: str) -> bool:
    """Whether who has heard these words knows that the call is recorded."""
    return ("ghi âm" if language == "vi" else "record") in text.lower()
