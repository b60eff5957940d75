"""The benchmark of stories runs, and its measures are right. No figure is judged here."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.stories_baselines import (
    join_middle,
    join_nearest,
    minhash_rows,
    nearest_signatures,
    nearest_vectors,
    tfidf_rows,
)
from benchmarks.stories_bcubed import bcubed, halves, main, read
from monitor.model import Article


@pytest.mark.parametrize(
    ("gold", "found", "precision", "recall"),
    [
        pytest.param("aabb", "xxyy", 1.0, 1.0, id="the same grouping under other names is perfect"),
        pytest.param("aabb", "xxxx", 0.5, 1.0, id="one heap of two stories halves precision"),
        pytest.param("aabb", "wxyz", 1.0, 0.5, id="each alone halves recall"),
        pytest.param("aaab", "xxyy", 0.75, 2 / 3, id="the worked example, by hand"),
        pytest.param("", "", 0.0, 0.0, id="nothing is nothing"),
    ],
)
def test_bcubed(gold: str, found: str, precision: float, recall: float) -> None:
    assert bcubed(gold, found) == pytest.approx((precision, recall))


LINES = [
    {"id": 1, "title": "Brontek buys Quillon", "text": "", "published": "2026-03-02T10:00:00+00:00", "story": "a"},
    {"id": 2, "title": "Storm hits Tarsund harbour", "text": "", "published": "2026-03-02T09:00:00", "story": "b"},
    {"id": 3, "title": "Quillon bought by Brontek", "text": "", "published": "2026-03-02T11:00:00Z", "story": "a"},
    {"id": 4, "title": "Tarsund harbour hit by storm", "text": "", "published": None, "story": "b", "language": None},
]  # fmt: skip


def test_a_short_run_tells_every_way_and_the_cost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n".join(json.dumps(line) for line in LINES)
    (tmp_path / "made-up.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    assert main([str(tmp_path), "--short", "--json", str(tmp_path / "out.json")]) == 0
    report = json.loads((tmp_path / "out.json").read_text())
    ours, *others = report["files"]["made-up.jsonl.gz"]["all"]
    assert ours["who"] == "news-monitor"
    assert ours["f1"] == 1.0
    assert len(others) == 3
    assert all(value > 0 for value in report["cost_ms"].values())
    assert "one article placed and added" in capsys.readouterr().out


def test_a_folder_without_labelled_articles_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert "ends in .jsonl" in capsys.readouterr().err


def test_articles_come_in_order_of_time_and_stories_stay_whole_in_a_half(tmp_path: Path) -> None:
    path = tmp_path / "made-up.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES))
    rows = read(path)
    assert [row.article.id for row in rows] == ["2", "1", "3", "4"]
    one, other = halves(rows)
    assert not {row.story for row in one} & {row.story for row in other}
    assert len(one) + len(other) == 4


def test_each_baseline_groups_what_is_plainly_one_story() -> None:
    articles = [Article(str(line["id"]), "", str(line["title"]), "") for line in LINES]
    vectors = tfidf_rows(articles)
    near = nearest_vectors(vectors)
    hashes = nearest_signatures(minhash_rows(articles))
    for labels in (join_nearest(near, 0.3), join_middle(vectors, 0.3), join_nearest(hashes, 0.3)):
        assert labels[0] == labels[2] != labels[1] == labels[3]
    assert len(set(join_nearest(near, 1.1))) == len(set(join_middle(vectors, 1.1))) == 4
