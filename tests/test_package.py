"""What is built is what was tested: the wheel runs in an empty environment, without network and without a home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from .conftest import ROOT, TODAY

pytestmark = pytest.mark.slow

NO_NETWORK = """
import socket
def refuse(*arguments, **settings):
    raise RuntimeError("the network was touched")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build the sdist and the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    return {path.suffix: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def installed(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel into an environment that has nothing of ours but it; return its folder of scripts."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    scripts = folder / "bin"
    site = next(folder.glob("lib/python*/site-packages"))
    pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python")]
    subprocess.run(
        [*pip, "install", "-q", "--no-deps", "--no-index", str(built[".whl"])], check=True, capture_output=True
    )
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (site / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return scripts


def call(scripts: Path, folder: Path, *arguments: str) -> str:
    """Run an installed script from another folder with an environment that says nothing."""
    env = {"PATH": os.defpath, "HOME": "/nonexistent", "LLMCOST_TODAY": TODAY}
    ended = subprocess.run(
        [str(scripts / arguments[0]), *arguments[1:]], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


@pytest.mark.parametrize("script", ["llmcost", "llmcost-cli"])
def test_the_wheel_runs_the_three_fixed_calls(installed: Path, tmp_path: Path, script: str) -> None:
    job = ("--rpd", "100000", "--in", "500", "--out", "200")

    estimates = json.loads(call(installed, tmp_path, script, "estimate", *job, "-f", "json"))["estimates"]

    assert {x["model"]: x["monthly_usd"] for x in estimates}["openai/gpt-4o"] == 9750
    assert "$9,750.00" in call(installed, tmp_path, script, "estimate", *job)
    assert "94.0% less" in call(installed, tmp_path, script, "compare", "gpt-4o", "gpt-4o-mini")
    assert "88.7" in call(installed, tmp_path, script, "bench")


def test_the_wheel_and_not_the_checkout_was_tested(installed: Path, tmp_path: Path) -> None:
    out = call(
        installed, tmp_path, "python", "-c", "import llmcost.tables.find as f; print(f.packaged('pricing.yaml').path)"
    )

    assert out.strip().startswith(str(installed.parent))


def test_the_wheel_reads_no_yaml_without_a_cache(installed: Path, tmp_path: Path) -> None:
    code = "import sys, llmcost; llmcost.load_catalog(), llmcost.load_scores(); print('yaml' in sys.modules)"
    assert call(installed, tmp_path, "python", "-c", code) == "False\n"


def test_a_wheel_has_the_same_bytes_each_time(built: dict[str, Path], tmp_path: Path) -> None:
    again = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(again, cwd=ROOT, check=True, capture_output=True)
    assert (tmp_path / built[".whl"].name).read_bytes() == built[".whl"].read_bytes()


def test_the_wheel_carries_the_tables_types_guide_and_licences(built: dict[str, Path]) -> None:
    names = set(zipfile.ZipFile(built[".whl"]).namelist())
    guide = {f"llmcost/guide/{page.name}" for page in (ROOT / "llmcost" / "guide").glob("*.md")}

    assert {
        "llmcost/data/pricing.yaml",
        "llmcost/data/benchmarks.yaml",
        "llmcost/data/pricing.schema.json",
        "llmcost/data/reviewed.yaml",
        "llmcost/py.typed",
    } <= names
    assert {name for name in names if name.startswith("llmcost/guide/")} == guide
    assert {name.rpartition("/")[2] for name in names} >= {"LICENSE", "NOTICE"}
    assert not [name for name in names if "tests" in name or "__pycache__" in name]


def test_the_sdist_carries_the_tables_and_the_tests(built: dict[str, Path]) -> None:
    with tarfile.open(built[".gz"]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"pricing.yaml", "benchmarks.yaml", "README.md", "LICENSE", "NOTICE", "tests/conftest.py"} <= names
