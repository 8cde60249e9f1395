"""Makes the pictures of docs/images: what a person sees on a phone, in four languages.

    python -m tests.browser.pictures [FOLDER]

Needs the model and Chromium, like the tests. Look at every picture before it is kept.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, ROOT, Server, free_port
from tests.browser.words import CHECK, EVICTION

FOLDER = ROOT / "docs" / "images"
SIZE, SCALE = {"width": 390, "height": 844}, 2
COLOURS, MOST_BYTES = 200, 150_000
AREA = "Leeds"


def main(folder: Path) -> None:
    """Make every picture."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        server = Server(free_port(), Path(scratch) / "doorway.db", "http://127.0.0.1:1")
        server.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            for language in EVICTION:
                context = browser.new_context(viewport=SIZE, device_scale_factor=SCALE, locale=language)
                take_all(context.new_page(), server.url, language, folder)
                context.close()
        finally:
            browser.close()
            server.stop()


def take_all(page: Page, url: str, language: str, folder: Path) -> None:
    """Walk through the service in one language."""

    def keep(name: str) -> None:
        keep_picture(page, folder / f"{name}-{language}.png")

    page.goto(f"{url}/chat")
    keep("picker")
    page.goto(f"{url}/{language}/chat")
    page.locator("html[data-ready]").wait_for()
    answer = say(page, EVICTION[language])
    keep("answer")
    answer.locator(".desk-button").click()
    keep("desk")
    page.keyboard.press("Escape")
    page.locator("#new-chat").dispatch_event("click")
    say(page, CHECK[language])
    page.locator("article").last.locator(".choices button").nth(1).click()
    page.locator("article .verdict").wait_for()
    show(page.locator("article:has(.verdict)"))
    keep("outcome")
    page.goto(f"{url}/{language}/services?place={AREA}&topic=homeless_tonight")
    page.locator(".found-places").evaluate("list => list.scrollIntoView()")
    keep("services")


def say(page: Page, text: str) -> Locator:
    """Write something; return the first answer to it, at the top of the screen."""
    before = page.locator("article").count()
    page.fill("#text", text)
    page.click("#send")
    answer = page.locator("article").nth(before)
    answer.wait_for()
    return answer


def show(card: Locator) -> None:
    """Bring a card to the top of the screen, under the bar."""
    card.evaluate("card => card.scrollIntoView({block: 'start'})")


def frequent(picture: Image.Image) -> Image.Image:
    """Return the most frequent colours of a picture as a palette, so that every plane keeps exactly its own."""
    counted = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted for part in colour])
    return palette


def keep_picture(page: Page, path: Path) -> None:
    """Write what is on the screen as a small PNG."""
    page.evaluate("document.activeElement?.blur(); document.fonts.ready")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(palette=frequent(picture), dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{path.name}: {path.stat().st_size} bytes, at most {MOST_BYTES}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
