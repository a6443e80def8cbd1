"""The manifests, rendered as kustomize does and held to the API's schemas, and to what we promise of them."""

from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.deploy.conftest import DEPLOY, Render

OVERLAYS = ("base", "overlays/trial", "overlays/production")


def rendered(render: Render, overlay: str) -> list[dict[str, Any]]:
    done = render("kustomize", DEPLOY / "kubernetes" / overlay)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def pods(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pod specifications in deployments, stateful sets and cron jobs."""
    found = []
    for document in documents:
        spec = document.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found.append(spec["template"]["spec"])
    return found


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_each_document_fits_the_api(render: Render, overlay: str) -> None:
    documents = rendered(render, overlay)
    assert len(documents) > 10
    for document in documents:
        kubernetes_validate.validate(document, desired_version="1.31", strict=True)


def test_the_check_can_fail(render: Render) -> None:
    broken = rendered(render, "base")[2]
    broken["spec"]["replicsa"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, desired_version="1.31", strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_containers_are_bounded_and_not_root(render: Render, overlay: str) -> None:
    for pod in pods(rendered(render, overlay)):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
            assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_secrets_are_only_referred_to(render: Render, overlay: str) -> None:
    documents = rendered(render, overlay)
    assert not [document for document in documents if document["kind"] == "Secret"]
    for pod in pods(documents):
        for container in pod["containers"]:
            for variable in container.get("env", []):
                if any(word in variable["name"] for word in ("STORE", "FRONTIER", "TOKEN", "PASSWORD")):
                    assert "secretKeyRef" in variable["valueFrom"], variable["name"]


def test_workers_reach_no_private_address(render: Render) -> None:
    policies = [document for document in rendered(render, "base") if document["kind"] == "NetworkPolicy"]
    crawling = next(policy for policy in policies if policy["metadata"]["name"] == "crawling")
    blocks = [to["ipBlock"] for rule in crawling["spec"]["egress"] for to in rule["to"] if "ipBlock" in to]
    kept_out = {network for block in blocks for network in block["except"]}
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7"} <= kept_out


def test_probes_ask_what_a_worker_answers_and_scaling_what_it_tells(render: Render) -> None:
    documents = rendered(render, "base")
    worker = next(document for document in documents if document["metadata"]["name"] == "worker")
    container = worker["spec"]["template"]["spec"]["containers"][0]
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    scaling = next(document for document in documents if document["kind"] == "HorizontalPodAutoscaler")
    assert scaling["spec"]["metrics"][0]["external"]["metric"]["name"] == "linkcrawler_frontier_ready_hosts"
