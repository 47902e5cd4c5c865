"""Stores with the plan and the sample months: loaded once in a process, copied for each module that looks at one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import acting, samples
from data.database import Store


@pytest.fixture(scope="session")
def _loaded(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("loaded")
    store = Store(folder / "monitor.duckdb")
    acting.prepare(store)
    list(samples.load_samples(store, "test", "示例"))
    store.close()
    return folder


@pytest.fixture(scope="module")
def sampled(_loaded, tmp_path_factory) -> Path:
    """A store of the module's own with the plan and the sample months, not yet opened."""
    return shutil.copytree(_loaded, tmp_path_factory.mktemp("sampled"), dirs_exist_ok=True) / "monitor.duckdb"


@pytest.fixture(scope="module")
def sampled_store(sampled) -> Iterator[Store]:
    """The same, opened."""
    store = Store(sampled)
    acting.prepare(store)
    yield store
    store.close()
