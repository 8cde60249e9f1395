"""The description of the JSON API, for clients and for fuzzing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.core.files import load_yaml

DESCRIPTION = Path(__file__).with_name("openapi.yml")


@cache
def load_openapi() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    return dict(load_yaml(DESCRIPTION))


async def get_openapi(request: web.Request) -> web.Response:
    """GET /openapi.json."""
    return web.json_response(load_openapi(), dumps=json.dumps)
