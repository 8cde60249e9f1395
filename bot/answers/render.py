"""Rendering an answer: as JSON for the web and the command line, as plain text, as a text message."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bot.answers.model import Answer, Block, Choice, ContactCard, Line

ChoiceId = Callable[[Choice], str]


def render_json(answer: Answer, choice_id: ChoiceId) -> dict[str, Any]:
    """Return one message of the HTTP API: blocks, choices with opaque ids, and both plain texts."""
    message: dict[str, Any] = {
        "language": answer.language,
        "direction": answer.direction,
        "topic": answer.topic,
        "urgency": answer.urgency,
        "blocks": [_block(block) for block in answer.blocks],
        "choices": [
            {"id": choice_id(choice), "title": choice.title.text, "english": choice.title.english}
            for choice in answer.choices
        ],
        "text": render_text(answer),
        "english": render_text(answer, english=True),
    }
    if answer.title:
        message["title"] = _line(answer.title)
    if answer.short:
        message["short"] = _line(answer.short)
    return message


def render_text(answer: Answer, *, english: bool = False) -> str:
    """Return the answer as plain text, a block a paragraph, steps numbered, one contact detail a line."""

    def pick(line: Line) -> str:
        return line.english if english else line.text

    paragraphs: list[str] = []
    for block in answer.blocks:
        lines: list[str] = []
        if block.heading and block.kind not in ("sources",):
            lines.append(pick(block.heading))
        lines.extend(_text_lines(block, pick))
        if lines:
            paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


def render_sms(answer: Answer) -> str:
    """Return the short form, or the plain text where there is none."""
    return answer.short.text if answer.short else render_text(answer)


def _text_lines(block: Block, pick: Callable[[Line], str]) -> Iterable[str]:
    if block.kind == "steps":
        return [f"{number}. {pick(line)}" for number, line in enumerate(block.lines, start=1)]
    if block.kind == "desk":
        return [line for desk in block.lines for line in dict.fromkeys((desk.english, pick(desk)))]
    if block.kind == "sources":
        titles = [f"{source.title}: {source.url}" for source in block.sources]
        return [*(pick(line) for line in block.lines), *titles]
    lines = [pick(line) for line in block.lines]
    for contact in block.contacts:
        lines.extend(_contact_lines(contact, pick))
    return lines


def _contact_lines(contact: ContactCard, pick: Callable[[Line], str]) -> list[str]:
    name = f"{contact.nation}: {pick(contact.name)}" if contact.nation else pick(contact.name)
    details = [pick(detail) for detail in contact.details]
    return [part for part in (f"• {name}", contact.phone, contact.url, *details) if part]


def _line(line: Line) -> dict[str, str]:
    said = {"text": line.text, "english": line.english}
    return {**said, "mark": line.mark} if line.mark else said


def _block(block: Block) -> dict[str, Any]:
    content: dict[str, Any] = {"kind": block.kind}
    if block.heading:
        content["heading"] = _line(block.heading)
    if block.lines:
        content["items"] = [_line(line) for line in block.lines]
    if block.contacts:
        content["contacts"] = [render_contact(contact) for contact in block.contacts]
    if block.sources:
        content["sources"] = [{"title": source.title, "url": source.url} for source in block.sources]
    if block.picture:
        content["picture"] = block.picture
    if block.colour:
        content["colour"] = block.colour
    if block.checked:
        content["checked"] = block.checked
    return content


def render_contact(contact: ContactCard) -> dict[str, Any]:
    """Return one card as the HTTP API and the templates have it."""
    details = {
        "id": contact.id,
        "name": _line(contact.name),
        "description": _line(contact.description),
        "phone": contact.phone,
        "tel": contact.tel,
        "url": contact.url,
        "text_service": contact.text_service,
        "nation": contact.nation,
        "checked": contact.checked,
        "page": contact.page,
    }
    shown: dict[str, Any] = {name: value for name, value in details.items() if value}
    if contact.details:
        shown["details"] = [_line(detail) for detail in contact.details]
    if contact.day_and_night:
        shown["day_and_night"] = True
    return shown
