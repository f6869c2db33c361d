"""What a machine texts: a bounce, or an answering machine's words. Whoever answers them is answered again, for ever.

Only what stands at the beginning counts, and in short texts: a citizen who complains about such a text begins otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tongdai.language.text import fold

from ..protocol import receipt_words

LONGEST = 320  # characters; machines are brief


class Automatic(StrEnum):
    """Also written to `Part.trouble`, for the gateway's page to say."""

    RECEIPT = "receipt"
    BOUNCE = "bounce"
    AUTOREPLY = "autoreply"
    NAME = "name"  # a company's name or a short code is the sender: nobody to answer to
    NOTIFICATION = "notification"  # the network calls it none of somebody's texts, and it says nothing else


_BOUNCES = re.compile(
    r"""^\W*(?:
      undeliver(?:able|ed)\b | delivery\s(?:has\s)?fail | delivery\sstatus\snotification | mail\sdelivery | returned\smail
    | (?:your\s|the\s)?(?:message|sms|text)\b(.{0,60})\b(?:not|n't)\b(.{0,12})\b(?:delivered|sent)\b
    | (?:message|sms|text)\s(?:delivery\s)?(?:failed|undeliver) | failed\sto\s(?:deliver|send)
    | (?:the\s)?(?:subscriber|number)\s(?:you\s(?:have\s)?(?:called|dialled|dialed|texted)|is\snot\s(?:available|reachable))
    | tin\snhan\s(?:cua\s(?:ban|quy\skhach|anh|chi)|(?:gui\s)?(?:den|toi)\s(?:so|thue\sbao))\b(.{0,60})
      \b(?:khong|chua)\s(?:the\s|duoc\s)?(?:gui|chuyen|giao|phat|toi|den)
    | (?:gui|chuyen)\stin\s(?:nhan\s)?(?:that\sbai|khong\sthanh\scong)
    | thue\sbao\s(?:quy\skhach|ban|so\s[\d\s.+]+)\b(.{0,40})
      \b(?:lien\slac\sduoc|ngoai\svung|tam\s(?:thoi\s)?khoa|khong\s(?:ton\stai|dung|hoat\sdong)|tat\smay)
    )""",
    re.VERBOSE | re.DOTALL,
)
_AUTOREPLIES = re.compile(
    r"""^\W*(?:
      auto(?:matic)?[\s-]*(?:reply|response|responder|answer|message)\b | autoreply\b | out\sof\s(?:the\s)?office\b
    | (?:day\sla\s|)(?:tin\snhan|thu|tra\sloi)\s(?:tra\sloi\s|phan\shoi\s)?tu\sdong\b | tu\sdong\stra\sloi\b
    | this\sis\san?\sauto
    | (?:thank\syou|thanks)\sfor\s(?:your\s(?:message|text)|contacting|texting)\b(.{0,60})\b(?:we|i)(?:'ll|\swill)\b
    | (?:sorry\W+)?i(?:'m|\sam)\s(?:currently\s|now\s)?
      (?:driving|busy|in\sa\smeeting|away|on\s(?:vacation|leave)|unavailable)\b(.{0,60})
      \b(?:call|text|get\sback|reply|respond|message)\b
    | (?:sorry\W+)?(?:i\s)?can(?:'t|not)\s(?:talk|take\syour\scall|answer)\b
    | cam\son\s(?:ban|quy\skhach|anh\schi|anh/chi)\sda\s(?:nhan\stin|lien\she|goi|gui\stin)\b(.{0,80})
      \b(?:chung\stoi|shop|cong\sty|se)\b
    | (?:xin\sloi\W+)?(?:hien\s(?:tai\s)?)?(?:toi|minh|em|anh|chi)?\s?(?:hien\s)?
      dang\s(?:ban|lai\sxe|hop|di\schuyen|nghi\sphep|cong\stac)
      \b(.{0,60})\b(?:goi|lien\slac|lien\she|nhan\stin|tra\sloi|phan\shoi)\s(?:lai|sau|cho)\b
    )""",
    re.VERBOSE | re.DOTALL,
)
_NO_REPLY = re.compile(
    r"\b(?:vui long|xin|hay) (?:khong|dung) (?:tra loi|phan hoi|reply) (?:lai )?(?:tin|so|thu)\b|\bdo not (?:reply|respond)\b"
)


@dataclass(frozen=True)
class Machine:
    """Which kind of machine wrote a text; `may_cry`: the words in it that a person may have written, to be judged."""

    kind: Automatic
    may_cry: str = ""


def machine(text: str) -> Machine | None:
    """The machine that wrote this; None: a person, as far as one can tell.

    An answering machine's formula alone ("I'm driving, call me later") sounds like an emergency to whoever judges words:
    it is judged only where something else stands beside the formula.
    """
    if len(text) > LONGEST:
        return None
    if "stat" in text.lower() and (receipt := receipt_words.of_text(text)):
        return Machine(Automatic.RECEIPT, receipt.rest)
    folded = fold(text)
    for kind, formula in ((Automatic.BOUNCE, _BOUNCES), (Automatic.AUTOREPLY, _AUTOREPLIES)):
        if found := formula.match(folded):
            gaps = " ".join(filter(None, found.groups())) + folded[found.end() :]
            return Machine(kind, text if _is_meaningful(gaps) else "")
    return Machine(Automatic.AUTOREPLY, text) if _NO_REPLY.search(folded) else None


def _is_meaningful(words: str) -> bool:
    """Whether any of these (folded) words is more than filling."""
    return any(not each.isdigit() and each not in _FILLING for each in re.findall(r"[a-z']+|\d+", words))


_FILLERS = """
toi minh em anh chi ban quy khach chung shop cong ty se xin vui long hay nhe da vang sau lai cho ngay khi co the ranh
hien tai dang luc nay khong chua duoc nghe may tra loi phan hoi lien he lac goi nhan tin den so thue bao trong gio phut
mai tuan hom neu gap can thoi gian som nhat cam on thong la day tu dong nghi phep hop lai xe ban vua va cac voi nen vi
right now later you your to i i'll i'm will be get back call text reply respond soon as possible am me the a an message
could not delivered sent for we us contact please can't talk at moment until monday in meeting driving busy office out
of and is this when back it on my
"""
_FILLING = frozenset(_FILLERS.split())
