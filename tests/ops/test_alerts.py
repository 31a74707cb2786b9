"""Each alert rings where its trouble is, alone, and none rings in a house that is well."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from app.utils import metrics
from tests.support.proxies import find
from tests.support.server import ROOT

RULES: Final = ROOT / "ops/prometheus/alerts.yml"
PROMTOOL: Final = find("promtool")
# Figures of 36 minutes, two a minute: the most patient alert waits for thirty.
COUNT: Final = 72
SILENT, WELL, ILL = f"0x{COUNT}", "127.0.0.1:8001", "127.0.0.1:8002"
HEALTHY: Final = {
    "assent_bus_connected": f"1x{COUNT}",
    "assent_index_hit_ratio": f"0.99x{COUNT}",
    "assent_pool_size_connections": f"8x{COUNT}",
    "assent_pool_used_connections": f"2x{COUNT}",
    'assent_writes_total{outcome="done"}': f"0+900x{COUNT}",
    'assent_webhook_deliveries_total{outcome="delivered"}': f"0+100x{COUNT}",
}


def _now_and_then(most: int) -> str:
    """Figures that fall to nothing again and again."""
    return " ".join([f"{most} 0 {most} {most}"] * (COUNT // 4))


def _slow(name: str, seconds: float, labels: str = "") -> dict[str, str]:
    """All of them took longer than that, by no more than one bucket."""
    found = {
        bucket.labels["le"]
        for family in metrics.REGISTRY.collect()
        for bucket in family.samples
        if bucket.name == f"{name}_bucket"
    }
    return {
        f'{name}_bucket{{{labels}le="{le}"}}': f"0+{20 * (float(le) > seconds)}x{COUNT}"
        for le in found
    }


# What a process shows in whose trouble the alert has to ring.
TROUBLE: Final[Mapping[str, Mapping[str, str]]] = {
    "AssentErrors": {"assent_unexpected_errors_total": f"0x{COUNT - 5} 1x4"},
    "AssentWritesFail": {'assent_writes_total{outcome="failed"}': f"0+90x{COUNT}"},
    "AssentOutcomesUnknown": {'assent_rollbacks_total{cause="unknown"}': f"0+1x{COUNT}"},
    "AssentDeliverySlow": _slow("assent_delivery_latency_seconds", 1),
    "AssentStreamsBehind": {"assent_head_lag_changes": f"7x{COUNT}"},
    "AssentStartsOver": {
        'assent_stream_resets_total{reason="too_far_behind"}': f"0+90x{COUNT}",
    },
    "AssentReadersSlow": {'assent_stream_disconnects_total{reason="slow"}': f"0+90x{COUNT}"},
    "AssentStreamsRefused": {"assent_streams_refused_total": f"0+90x{COUNT}"},
    "AssentLaneFull": {"assent_lane_refusals_total": f"0x{COUNT - 5} 1x4"},
    "AssentLockWaits": _slow("assent_lock_wait_seconds", 0.5),
    "AssentCommitsSlow": _slow("assent_commit_seconds", 0.1),
    "AssentPoolFull": {"assent_pool_used_connections": f"8x{COUNT}"},
    "AssentStatementsSlow": _slow("assent_query_seconds", 0.25, 'query="heads",'),
    "AssentIndexesCold": {"assent_index_hit_ratio": f"0.9x{COUNT}"},
    "AssentBusDown": {"assent_bus_connected": SILENT},
    "AssentWebhooksLate": _slow("assent_webhook_lag_seconds", 60),
    "AssentWebhooksFail": {
        'assent_webhook_deliveries_total{outcome="failed"}': f"0+300x{COUNT}",
    },
    "AssentPresenceUnknown": {"assent_presence_errors_total": f"0+2x{COUNT}"},
    "AssentLoopLate": {"assent_loop_lag_seconds": f"0.9x{COUNT}"},
}
# What looks like trouble and is none: nothing rings.
ORDINARY: Final[Mapping[str, str]] = {
    "assent_head_lag_changes": _now_and_then(40),
    "assent_deepest_lane_writes": _now_and_then(500),
    "assent_pool_used_connections": _now_and_then(8),
    "assent_loop_lag_seconds": _now_and_then(2),
    'assent_writes_total{outcome="refused"}': f"0+300x{COUNT}",
}


def _shown() -> dict[str, str]:
    """The series of a process that the rules ask for, as they are where nothing happens.

    Buckets are left out: empty ones tell as little as none, and they are many.
    """
    asked = RULES.read_text()
    return {
        _written(sample.name, sample.labels): SILENT
        for family in metrics.REGISTRY.collect()
        for sample in family.samples
        if sample.name in asked and not sample.name.endswith("_bucket")
    }


def _written(name: str, labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{key}="{value}"' for key, value in labels.items())
    return f"{name}{{{pairs}}}" if pairs else name


def _of(instance: str, series: Mapping[str, str]) -> list[dict[str, str]]:
    where = f'instance="{instance}",job="assent"'
    return [
        {
            "series": f"{name[:-1]},{where}}}" if name.endswith("}") else f"{name}{{{where}}}",
            "values": values,
        }
        for name, values in series.items()
    ]


def _case(name: str, shown: Mapping[str, str], rings: list[str]) -> dict[str, Any]:
    """Two processes, one of them well; in the end exactly these alerts ring."""
    well = {**_shown(), **HEALTHY}
    unknown = {one for one in shown if one not in well and "_bucket{" not in one}
    assert unknown == set(), f"{name}: no process shows them"
    ringing = 'count by (alertname) (ALERTS{alertstate="firing"})'
    expected = [{"labels": f'{{alertname="{one}"}}', "value": 1} for one in rings]
    return {
        "name": name,
        "interval": "30s",
        "input_series": [*_of(WELL, well), *_of(ILL, {**well, **shown})],
        "promql_expr_test": [{"expr": ringing, "eval_time": "35m", "exp_samples": expected}],
    }


@pytest.mark.skipif(PROMTOOL is None, reason="needs promtool")
def test_each_alert_rings_for_its_trouble_alone(tmp_path: Path) -> None:
    rules = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
    assert set(TROUBLE) == {rule["alert"] for rule in rules}
    cases = [_case(name, shown, [name]) for name, shown in TROUBLE.items()]
    calm = [_case("nothing", {}, []), _case("what is ordinary", ORDINARY, [])]
    document = {"rule_files": [str(RULES)], "evaluation_interval": "30s", "tests": cases + calm}
    (tmp_path / "cases.yml").write_text(json.dumps(document))
    assert PROMTOOL is not None
    command = [PROMTOOL, "test", "rules", str(tmp_path / "cases.yml")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4_000]
