"""The examples for servers name what exists: settings, paths, ports, times, tables."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web

from bot.channels.worker import GRACE_SECONDS as WORKER_GRACE
from bot.commands.serve import GRACE_SECONDS as SERVER_GRACE
from bot.core.paths import ROOT
from bot.core.settings import Settings
from bot.migrations.tables import all_tables
from bot.web.routes import add_routes

DEPLOY = ROOT / "deploy"
RUNBOOK = ROOT / "docs" / "runbooks" / "backup-and-restore.md"
MOST_EXPOSED = 30  # of 100, by systemd's reckoning, were it root
KEPT_AFTERWARDS = {"optouts"}  # of a person, but it must outlast their conversation


def _objects() -> dict[str, dict[str, Any]]:
    return {item["kind"]: item for item in yaml.safe_load_all((DEPLOY / "kubernetes.yml").read_text(encoding="utf-8"))}


def _compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    return content


def _settings() -> set[str]:
    return {str(spec.metadata["env"]) for spec in fields(Settings)}


def _pod() -> dict[str, Any]:
    pod: dict[str, Any] = _objects()["Deployment"]["spec"]["template"]
    return pod


def test_the_variables_are_settings() -> None:
    (container,) = _pod()["spec"]["containers"]
    named = {item["name"] for item in container["env"]} | set(_compose()["services"]["doorway"]["environment"])
    assert {"DATABASE_URL", "REDIS_URL", "DOORWAY_SECRET_KEY"} <= named
    assert named <= _settings()
    written = (DEPLOY / "kubernetes.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"--from-literal=(\w+)", written)) <= _settings()


def test_the_probes_ask_for_pages_that_exist_on_the_port_that_is_open() -> None:
    app = web.Application()
    add_routes(app)
    paths = {resource.canonical for resource in app.router.resources()}
    (container,) = _pod()["spec"]["containers"]
    probes = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")]
    assert {probe["path"] for probe in probes} <= paths
    assert {probe["port"] for probe in probes} == {container["ports"][0]["name"]}
    assert str(container["ports"][0]["containerPort"]) in container["args"]


def test_the_parts_of_the_cluster_find_the_pods() -> None:
    objects = _objects()
    labels = _pod()["metadata"]["labels"]
    assert set(objects) == {"Deployment", "Service", "PodDisruptionBudget"}
    assert objects["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert objects["Service"]["spec"]["selector"] == labels
    assert objects["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert objects["Deployment"]["spec"]["replicas"] > objects["PodDisruptionBudget"]["spec"]["minAvailable"]


def test_no_server_is_killed_before_it_may_have_ended() -> None:
    needed = SERVER_GRACE + WORKER_GRACE
    unit = (DEPLOY / "doorway.service").read_text(encoding="utf-8")
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.M)
    assert int(seconds) > needed
    assert int(_compose()["services"]["doorway"]["stop_grace_period"].rstrip("s")) > needed
    assert _pod()["spec"]["terminationGracePeriodSeconds"] > needed + 5  # the pause before the stop


def test_the_unit_is_one_that_systemd_takes_and_calls_safe(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    unit = (DEPLOY / "doorway.service").read_text(encoding="utf-8")
    here = unit.replace("/srv/doorway/.venv/bin/doorway", sys.executable).replace("User=doorway", "User=root")
    (tmp_path / "doorway.service").write_text(here, encoding="utf-8")

    def said(*arguments: str) -> str:
        command = ["systemd-analyze", *arguments, str(tmp_path / "doorway.service")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    assert "doorway.service:" not in said("verify")  # it names the lines it does not like
    said("security", "--offline=true", f"--threshold={MOST_EXPOSED}")


def test_each_service_of_the_composition_that_is_waited_for_says_whether_it_is_well() -> None:
    services = _compose()["services"]
    waited = {name for service in services.values() for name in service.get("depends_on", ())}
    assert waited == {"doorway", "postgres", "redis"}
    assert all("healthcheck" in services[name] for name in waited)


def test_a_copy_leaves_out_every_table_with_what_people_wrote() -> None:
    personal = {name for name, table in all_tables().tables.items() if "conversation_id" in table.columns}
    expected = (personal | {"conversations"}) - KEPT_AFTERWARDS
    text = RUNBOOK.read_text(encoding="utf-8")
    assert set(re.findall(r"--exclude-table-data=(\w+)", text)) == expected
    assert set(re.findall(r"DELETE FROM (\w+)", text)) == expected
