"""What several tests of deploy/ share: a program that renders its manifests, and a worker that can be watched."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.servers.go_programs import build

DEPLOY = Path(__file__).parents[2] / "deploy"
ENV_FILE = {
    "TARGET": "example.org", "SEEDS": "/seeds/seeds.txt", "CONTACT": "https://example.org/us", "WEB_TOKEN": "t-secret",
    "REDIS_PASSWORD": "r-secret", "MONGODB_PASSWORD": "m-secret", "MONGODB_ROOT_PASSWORD": "a-secret",
}  # fmt: skip

Render = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def render() -> Render:
    """Renders with the libraries of docker compose and kustomize: ``render("kustomize", FOLDER)``,
    ``render("compose", FILE, PROFILE..., env={...})``."""
    if not shutil.which("go"):
        pytest.skip("Go is not on PATH: manifests are rendered with the Go libraries of docker compose and kustomize")
    program = build(Path(__file__).parent / "manifests", "manifests")

    def run(*words: object, env: Mapping[str, str] = ENV_FILE) -> "subprocess.CompletedProcess[str]":
        given = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **env}
        return subprocess.run(list(map(str, [program, *words])), env=given, capture_output=True, text=True, timeout=60)

    return run
