"""The same conversations on a real PostgreSQL, started from the system's package."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import build_app
from bot.core.database import Database
from bot.core.settings import load_settings
from bot.service import build_assistant
from tests.contract.conftest import open_person
from tests.contract.server import free_port
from tests.model import ensure_model

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture(scope="module")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of its own on a loopback port."""
    if not BINARIES:
        pytest.skip("PostgreSQL's server is not installed (make packages)")
    folder = tmp_path_factory.mktemp("postgres")
    data, port, binaries = folder / "data", free_port(), BINARIES[-1].parent
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    if user:  # the server refuses to run as root
        for path in (folder, *folder.parents):
            if path == Path("/tmp"):  # noqa: S108 — pytest's own folder is below it
                break
            path.chmod(0o755)
        shutil.chown(folder, user.pw_uid, user.pw_gid)
    as_user = {"user": user.pw_uid, "group": user.pw_gid} if user else {}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "doorway", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        **as_user,
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    subprocess.run(
        [binaries / "pg_ctl", "-D", data, "-o", options, "-w", "-l", folder / "log", "start"], check=True, **as_user
    )
    try:
        yield f"postgresql://doorway@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, capture_output=True, **as_user
        )


async def test_conversation_on_postgresql(postgres_url: str) -> None:
    ensure_model()
    settings = load_settings({}, database_url=postgres_url, secret_key="k" * 32)
    database = Database(postgres_url)
    assistant = build_assistant(settings, database)
    async with TestClient(TestServer(build_app(settings, database=database, assistant=assistant))) as client:
        person = await open_person(client)
        message_id = uuid.uuid4().hex
        first = await person.post(text="How do I join the housing register?", client_msg_id=message_id)
        assert first == await person.post(text="How do I join the housing register?", client_msg_id=message_id)
        again = await person.says("repeat that please")
        assert again["messages"][0]["topic"] == "register_join"
        assert again["messages"][0]["number"] == 2
        receipt = await (await client.delete("/api/v1/sessions", headers=person.headers)).json()
        assert receipt["deleted"] == {"conversations": 1, "messages": 2, "answers": 2, "votes": 0, "sessions": 1}
