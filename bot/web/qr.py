"""QR codes in SVG, drawn here: no address is told to anybody else.

>>> qr_code("https://help.example/en/repairs").startswith("<svg")
True
"""

from __future__ import annotations

import io

import segno
from markupsafe import Markup

QUIET = 2  # modules of white around the code


def qr_code(text: str, *, border: int = QUIET) -> Markup:
    """Return the text as a QR code, an element for a page, without styles of its own.

    Raises:
        ValueError: the text is too long for a code.
    """
    return Markup(_svg(text, border, is_file=False))  # noqa: S704 — segno writes numbers and path commands only


def qr_file(text: str) -> bytes:
    """Return the text as a QR code, a file that an `<img>` can show: black on white in every colour scheme.

    Raises:
        ValueError: the text is too long for a code.
    """
    return _svg(text, QUIET, is_file=True).encode("ascii")


def _svg(text: str, border: int, *, is_file: bool) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=is_file,
        omitsize=True,
        nl=False,
        border=border,
        svgclass=None if is_file else "qr",
        lineclass=None,
        light="#fff" if is_file else None,
    )
    return out.getvalue().decode("ascii")
