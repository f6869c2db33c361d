"""What a machine texts: a bounce, or an answering machine's words. Whoever answers them is answered again, for ever.

Only what stands at the beginning counts, and in short texts: a citizen who complains about such a text begins otherwise.
"""

from __future__ import annotations

import re
from enum import StrEnum

from tongdai.platform.vietnamese import fold

from . import dialects

LONGEST = 320  # characters; machines are brief


class Automatic(StrEnum):
    """Also written to `Piece.trouble`, for the gateway's page to say."""

    RECEIPT = "receipt"
    BOUNCE = "bounce"
    AUTOREPLY = "autoreply"
    NOTIFICATION = "notification"  # the network calls it none of somebody's texts, and it says nothing else


_BOUNCES = re.compile(
    r"""^\W*(?:
      undeliver(?:able|ed)\b | delivery\s(?:has\s)?fail | delivery\sstatus\snotification | mail\sdelivery | returned\smail
    | (?:your\s|the\s)?(?:message|sms|text)\b.{0,60}\b(?:not|n't)\b.{0,12}\b(?:delivered|sent)\b
    | (?:message|sms|text)\s(?:delivery\s)?(?:failed|undeliver) | failed\sto\s(?:deliver|send)
    | (?:the\s)?(?:subscriber|number)\s(?:you\s(?:have\s)?(?:called|dialled|dialed|texted)|is\snot\s(?:available|reachable))
    | tin\snhan\s(?:cua\s(?:ban|quy\skhach|anh|chi)|(?:gui\s)?(?:den|toi)\s(?:so|thue\sbao))\b.{0,60}
      \b(?:khong|chua)\s(?:the\s|duoc\s)?(?:gui|chuyen|giao|phat|toi|den)
    | (?:gui|chuyen)\stin\s(?:nhan\s)?(?:that\sbai|khong\sthanh\scong)
    | thue\sbao\s(?:quy\skhach|ban|so\s[\d\s.+]+)\b.{0,40}
      \b(?:lien\slac\sduoc|ngoai\svung|tam\s(?:thoi\s)?khoa|khong\s(?:ton\stai|dung|hoat\sdong)|tat\smay)
    )""",
    re.VERBOSE | re.DOTALL,
)
_AUTOREPLIES = re.compile(
    r"""^\W*(?:
      auto(?:matic)?[\s-]*(?:reply|response|responder|answer|message)\b | autoreply\b | out\sof\s(?:the\s)?office\b
    | (?:day\sla\s|)(?:tin\snhan|thu|tra\sloi)\s(?:tra\sloi\s|phan\shoi\s)?tu\sdong\b | tu\sdong\stra\sloi\b
    | this\sis\san?\sauto
    | (?:thank\syou|thanks)\sfor\s(?:your\s(?:message|text)|contacting|texting)\b.{0,60}\b(?:we|i)(?:'ll|\swill)\b
    | (?:sorry\W+)?i(?:'m|\sam)\s(?:currently\s|now\s)?
      (?:driving|busy|in\sa\smeeting|away|on\s(?:vacation|leave)|unavailable)\b.{0,60}
      \b(?:call|text|get\sback|reply|respond|message)\b
    | (?:sorry\W+)?(?:i\s)?can(?:'t|not)\s(?:talk|take\syour\scall|answer)\b
    | cam\son\s(?:ban|quy\skhach|anh\schi|anh/chi)\sda\s(?:nhan\stin|lien\she|goi|gui\stin)\b.{0,80}
      \b(?:chung\stoi|shop|cong\sty|se)\b
    | (?:xin\sloi\W+)?(?:hien\s(?:tai\s)?)?(?:toi|minh|em|anh|chi)?\s?(?:hien\s)?
      dang\s(?:ban|lai\sxe|hop|di\schuyen|nghi\sphep|cong\stac)
      \b.{0,60}\b(?:goi|lien\slac|lien\she|nhan\stin|tra\sloi|phan\shoi)\s(?:lai|sau|cho)\b
    )""",
    re.VERBOSE | re.DOTALL,
)
_NO_REPLY = re.compile(
    r"\b(?:vui long|xin|hay) (?:khong|dung) (?:tra loi|phan hoi|reply) (?:lai )?(?:tin|so|thu)\b|\bdo not (?:reply|respond)\b"
)


def kind_of(said: str) -> Automatic | None:
    """Which kind of machine wrote this; None: a person, as far as one can tell."""
    if len(said) > LONGEST:
        return None
    if dialects.of_text(said):
        return Automatic.RECEIPT
    folded = fold(said)
    if _BOUNCES.match(folded):
        return Automatic.BOUNCE
    if _AUTOREPLIES.match(folded) or _NO_REPLY.search(folded):
        return Automatic.AUTOREPLY
    return None
