"""The GSM 7-bit default alphabet (3GPP TS 23.038 §6.2.1), one septet an octet as SMPP carries it."""

from __future__ import annotations

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
_ESCAPE = 0x1B
_OCTETS = {char: bytes([at]) for at, char in enumerate(_BASIC) if at != _ESCAPE} | {
    char: bytes([_ESCAPE, at]) for at, char in _EXTENSION.items()
}

# Characters that mean the same as some of the alphabet's: swapping them saves a UCS-2 text without losing anything.
SAME = {
    "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\u200a": " ", "\u2002": " ", "\u2003": " ", "\t": " ",
    "\u200b": "", "\ufeff": "", "\u00ad": "", "\u2060": "",
    "\u2011": "-", "\u2010": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
    "\u2022": "-", "·": "-", "●": "-", "▪": "-", "…": "...",
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u2032": "'", "´": "'", "`": "'", "\u02b9": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "«": '"', "»": '"',
    "₫": "d", "°": "o", "º": "o", "²": "2", "³": "3", "¹": "1", "½": "1/2", "¼": "1/4", "¾": "3/4",
    "×": "x", "÷": "/", "→": "->", "←": "<-", "⇒": "=>", "≥": ">=", "≤": "<=", "≈": "~", "≠": "!=", "±": "+/-",
    "№": "No.", "™": "(TM)", "®": "(R)", "©": "(C)",
}  # fmt: skip
_SAME = str.maketrans(SAME)


def encode(text: str) -> list[bytes] | None:
    """The octets of each character (one, or two for the extension table), or None when one is not in the alphabet."""
    return [_OCTETS[char] for char in text] if _OCTETS.keys() >= set(text) else None


def decode(octets: bytes) -> str:
    """The text of unpacked septets. An octet over 0x7F is not of this alphabet and becomes U+FFFD.

    An escape before an unknown code shows that code's basic character, as TS 23.038 asks of phones; one at the very
    end is dropped.
    """
    out: list[str] = []
    escaped = False
    for octet in octets:
        if octet > 0x7F:
            out.append("\ufffd")
        elif escaped:
            out.append(_EXTENSION.get(octet, _BASIC[octet] if octet != _ESCAPE else " "))
        elif octet != _ESCAPE:
            out.append(_BASIC[octet])
        escaped = octet == _ESCAPE and not escaped
    return "".join(out)


def plainer(text: str) -> str:
    """The text with typographic signs as the alphabet has them: no-break space as space, “ as ", ≥ as >=, ₫ as d."""
    return text.translate(_SAME)
