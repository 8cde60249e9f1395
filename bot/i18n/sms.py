"""The size of a text message.

>>> fits_sms("Zadzwoń: {phone_shelter}")
True
>>> segments("a" * 161), segments("ą" * 71)
(2, 2)
"""

from __future__ import annotations

import re

# GSM 03.38 basic set, and the characters that cost two.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = set("^{}\\[~]|€\f")
MAX_SEGMENTS = 2
SINGLE_GSM, MANY_GSM, SINGLE_UCS2, MANY_UCS2 = 160, 153, 70, 67
# What a placeholder is counted as: the longest phone number, and a usual short address.
PHONE, ADDRESS = "0" * 13, "x" * 22


def segments(text: str) -> int:
    """Return how many parts a text message is sent in."""
    if all(char in GSM or char in GSM_DOUBLE for char in text):
        length = sum(2 if char in GSM_DOUBLE else 1 for char in text)
        return 1 if length <= SINGLE_GSM else -(-length // MANY_GSM)
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= SINGLE_UCS2 else -(-length // MANY_UCS2)


def fits_sms(text: str) -> bool:
    """Whether a text, its placeholders filled, fits into two parts."""
    filled = re.sub(r"\{url_\w+\}", ADDRESS, re.sub(r"\{phone_\w+\}", PHONE, text))
    return segments(filled) <= MAX_SEGMENTS
