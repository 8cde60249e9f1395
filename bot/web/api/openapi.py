"""The description of the JSON API, for clients and for fuzzing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

DESCRIPTION = Path(__file__).with_name("openapi.yml")


@cache
def load_openapi() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    return dict(yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8")))


async def get_openapi(request: web.Request) -> web.Response:
    """GET /openapi.json."""
    return web.json_response(load_openapi(), dumps=json.dumps)
