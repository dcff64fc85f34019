from __future__ import annotations

import pytest
from conftest import MANIFEST

from igarape.manifest import Manifest, Pipeline
from igarape.params import RequestError
from igarape.selection import selected


@pytest.fixture
def insights() -> Pipeline:
    return Manifest.load(MANIFEST).pipelines[0]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (None, {"raw.insights", "trusted.insights", "gold.grouped_insights", "gold.insights_trend"}),
        (" ", {"raw.insights", "trusted.insights", "gold.grouped_insights", "gold.insights_trend"}),
        ("trusted.insights", {"trusted.insights"}),
        ("trusted.insights+", {"trusted.insights", "gold.grouped_insights", "gold.insights_trend"}),
        ("+trusted.insights", {"raw.insights", "trusted.insights"}),
        ("raw.insights, gold.insights_trend", {"raw.insights", "gold.insights_trend"}),
    ],
)
def test_selects(insights: Pipeline, text: str | None, names: set[str]) -> None:
    assert {str(name) for name in selected(insights.tables, text, "pipeline insights")} == names


@pytest.mark.parametrize("text", ["gold.nothing", "++", "trusted.insights nothing"])
def test_refuses_tables_of_elsewhere(insights: Pipeline, text: str) -> None:
    with pytest.raises(RequestError, match=r"which pipeline insights does not have. It has raw.insights, trusted"):
        selected(insights.tables, text, "pipeline insights")
