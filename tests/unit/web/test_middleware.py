"""Which network a request is counted to."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.core.settings import Settings
from bot.web.keys import SETTINGS
from bot.web.middleware import client_network


def _network(forwarded: str, *, trust_proxy: bool = True) -> str:
    app = web.Application()
    app[SETTINGS] = Settings(trust_proxy=trust_proxy)
    return client_network(make_mocked_request("GET", "/", headers={"X-Forwarded-For": forwarded}, app=app))


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("1.2.3.4, 203.0.113.7", "203.0.113.7"),  # only what our own proxy added can be trusted
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),  # IPv4 as a server on `::` sees it: not one bucket for all
        ("<script>", "unknown"),
    ],
)
def test_a_network_is_an_ipv4_address_or_an_ipv6_64(forwarded: str, network: str) -> None:
    assert _network(forwarded) == network


def test_a_header_of_an_untrusted_client_is_not_believed() -> None:
    assert _network("203.0.113.7", trust_proxy=False) != "203.0.113.7"
