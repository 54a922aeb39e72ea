"""Where tables are looked for, and which of them wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from platformdirs import user_cache_path, user_config_path

from llmcost.pricing.owner import Owner
from llmcost.tables.find import PACKAGE, Layer, layers, packaged, user_cache, user_config
from tests.conftest import ROOT


def found(env: dict[str, str] | None = None, option: str | None = None) -> list[Layer]:
    return layers(env or {}, [option] if option is not None else [])


def own_table(name: str = "pricing.yaml") -> Path:
    """Make a table of the user's own."""
    path = user_config() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_the_packaged_tables_of_a_checkout_stand_beside_the_package() -> None:
    for name in ("pricing.yaml", "benchmarks.yaml"):
        assert packaged(name) == Layer(ROOT / name, f"packaged {name}", owner=Owner.PACKAGED)
        assert (ROOT / name).is_file()


def test_the_packaged_tables_of_a_wheel_stand_in_the_package() -> None:
    """The wheel puts the two tables into the folder `data`, which holds files of its own in a checkout too."""
    inside = next(path for path in sorted((PACKAGE / "data").iterdir()) if path.is_file())
    assert packaged(inside.name) == Layer(inside, f"packaged {inside.name}", owner=Owner.PACKAGED)


def test_without_files_of_the_user_there_is_the_packaged_layer_alone() -> None:
    assert found() == [packaged("pricing.yaml")]


def test_the_layers_come_in_their_order_the_last_to_win() -> None:
    """Files that are named need not be there: their reader says so."""
    own = own_table()
    assert found({"LLMCOST_PRICING": "env.yaml"}, "option.yaml") == [
        packaged("pricing.yaml"),
        Layer(own, str(own), unasked=True),
        Layer(Path("env.yaml"), "env.yaml"),
        Layer(Path("option.yaml"), "option.yaml"),
    ]


def test_an_empty_variable_or_option_names_no_file() -> None:
    assert found({"LLMCOST_PRICING": ""}, "") == [packaged("pricing.yaml")]


def test_the_user_s_table_of_another_name_is_no_layer_of_this_one() -> None:
    own_table("benchmarks.yaml")
    assert found() == [packaged("pricing.yaml")]


def test_a_link_to_nowhere_or_a_folder_in_place_of_the_user_s_table_is_left_to_its_reader_to_refuse() -> None:
    path = own_table()
    path.unlink()
    path.symlink_to("nowhere")
    assert [x.path for x in found()][1:] == [path]

    path.unlink()
    path.mkdir()
    assert [x.path for x in found()][1:] == [path]


@pytest.mark.parametrize("config", ["/dev/null", "/nowhere", "/proc/none", "/" + "n" * 300])
def test_a_config_folder_that_cannot_be_is_one_without_tables(config: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for a file below so long a name is an OSError, as with HOME=/root and another user's rights."""
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, config)
    assert found() == [packaged("pricing.yaml")]


@pytest.mark.parametrize("home", ["/h", "/h/", "", "relative", None])
@pytest.mark.parametrize("xdg", ["/x", "/x/", "", None])
def test_the_user_s_folders_are_those_that_platformdirs_names(
    home: str | None, xdg: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("HOME", home), ("XDG_CACHE_HOME", xdg), ("XDG_CONFIG_HOME", xdg)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert user_config() == user_config_path("llmcost", appauthor=False)
    assert user_cache() == user_cache_path("llmcost", appauthor=False)


def test_asking_for_a_folder_does_not_make_it(own_environment: Path, cold_cache: Path) -> None:
    user_config()
    user_cache()
    found()
    assert list(own_environment.iterdir()) == []
    assert not cold_cache.exists()


@pytest.mark.parametrize("folder", ["user_config_path", "user_cache_path"])
def test_a_user_without_a_home_has_folders_that_are_never_there(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A uid without an entry in the password file and without HOME: platformdirs raises RuntimeError."""

    def no_home(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory")

    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setattr(f"platformdirs.{folder}", no_home)
    asked = user_config if folder == "user_config_path" else user_cache

    assert not asked().exists()
    assert found() == [packaged("pricing.yaml")]
