"""The wheel works away from the checkout, with the data and the ontology inside."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The interpreter of an environment that holds the wheel, and the dependencies but not the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    home = folder / "env"
    venv.create(home, with_pip=False)
    interpreter = home / "bin" / "python"
    paths = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    install = [sys.executable, "-m", "pip", "--python", str(interpreter), "install", "--quiet", "--no-deps"]
    subprocess.run([*install, "--no-index", str(wheel)], check=True, cwd=folder)
    # A path in a .pth file lends the dependencies; the checkout's own editable hook there is not read.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return interpreter


def run(python, *words, cwd):
    environment = {"PATH": "/usr/bin:/bin", "STABGRAPH_CACHE": str(cwd / "cache"), "HOME": str(cwd)}
    return subprocess.run(
        [str(python), *words], capture_output=True, text=True, cwd=cwd, env=environment, check=False
    )


def test_package_and_its_data_come_from_the_wheel(python, tmp_path):
    code = "import stabgraph.vocabulary as v; print(v.__file__); print(v.bundled('data')); print(v.bundled('ontology'))"
    done = run(python, "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 3
    assert all(str(python.parents[1]) in line for line in done.stdout.splitlines())


def test_command_answers(python, tmp_path):
    done = run(
        python,
        "-m",
        "stabgraph",
        "ask",
        "disputes",
        "--meeting",
        "pak-rus-cgss-14",
        "--format",
        "csv",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "2024-02-08" in done.stdout


def test_script_is_installed_and_writes_a_page(python, tmp_path):
    script = python.with_name("stabgraph")
    environment = {"PATH": "/usr/bin:/bin", "STABGRAPH_CACHE": "", "HOME": str(tmp_path)}
    words = [str(script), "export", "network", "--dialogue", "pak-rus-cgss", "-o", "page.html"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "page.html").stat().st_size > 100_000


def test_library_answers(python, tmp_path):
    code = "import stabgraph as sg; print(len(sg.load().ask('delegation-heads', dialogue='pak-rus-cgss')))"
    done = run(python, "-c", code, cwd=tmp_path)
    assert done.stdout.strip() == "11", done.stderr


def test_installed_data_are_not_for_editing(python, tmp_path):
    for words in (["add", "records.yaml"], ["fmt"]):
        done = run(python, "-m", "stabgraph", *words, cwd=tmp_path)
        assert done.returncode == 2
        assert "--data" in done.stderr
        assert "Traceback" not in done.stderr
