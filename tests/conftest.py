"""Stores with the plan and the sample months: loaded once in a process, copied for each module that looks at one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import places
import pytest

from data import acting, samples
from data.database import Store


def pytest_addoption(parser):
    """`--store shared`: what goes through a store goes through one over DuckLake and PostgreSQL."""
    parser.addoption("--store", choices=("file", "shared"), default="file", help="the kind of store that tests act on")


def pytest_collection_modifyitems(config, items):
    """Pass over what is of database files alone."""
    for item in items if config.getoption("--store") == "shared" else ():
        if mark := item.get_closest_marker("file_store"):
            item.add_marker(pytest.mark.skip(reason=f"a database file's own: {mark.args[0]}"))


@pytest.fixture(scope="session", autouse=True)
def _places(request, tmp_path_factory) -> Iterator[None]:
    """Where stores are made."""
    if request.config.getoption("--store") == "file":
        yield
        return
    from postgres import running

    with running() as catalogues, places.shared(catalogues, tmp_path_factory.mktemp("lakes")):
        yield


@pytest.fixture
def place(tmp_path):
    """A place of the test's own where nobody has made a store."""
    return places.new_place(tmp_path)


def _sampled(place):
    """A place with a store that has the plan and the sample months, not open."""
    store = places.opened(place)
    acting.prepare(store)
    list(samples.load_samples(store, "test", "示例"))
    store.close()
    return place


@pytest.fixture(scope="session")
def _loaded(tmp_path_factory) -> Path:
    return _sampled(tmp_path_factory.mktemp("loaded") / "monitor.duckdb")


@pytest.fixture(scope="session")
def _loaded_place(request, _places):
    return _sampled(places.new_place()) if places.catalogues() else None


@pytest.fixture(scope="module")
def sampled(_loaded, tmp_path_factory) -> Path:
    """A store of the module's own with the plan and the sample months, in a file, not yet opened."""
    return shutil.copytree(_loaded.parent, tmp_path_factory.mktemp("sampled"), dirs_exist_ok=True) / "monitor.duckdb"


@pytest.fixture(scope="module")
def sampled_store(request, _loaded_place) -> Iterator[Store]:
    """The same, opened."""
    store = places.opened(places.copied(_loaded_place) if _loaded_place else request.getfixturevalue("sampled"))
    acting.prepare(store)
    yield store
    store.close()
