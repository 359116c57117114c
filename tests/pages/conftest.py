"""Pages as their visitors open them: through the router, at an address."""

import gc
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

ROUTER = str(Path(__file__).parents[2] / "ui" / "router.py")


@pytest.fixture(scope="session", autouse=True)
def frozen_garbage(trained_run):
    """Streamlit collects garbage around every run of a page, with TensorFlow half a second each."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def no_clearing():
    """Streamlit tells a Keras that is loaded to forget everything before each run; a server of
    ours has none, and it takes as long as a small page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


@pytest.fixture
def open_page():
    """`open_page("photos", dataset="bears")`: the page, after its first run."""

    def open_it(page, **address):
        app = AppTest.from_file(ROUTER, default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        if page != "home":
            app.switch_page(f"../pages/{page}.py").run()
        return app

    return open_it


@pytest.fixture
def shapes(workspace, picture_folder):
    """A workspace of one's own with the data set "shapes" in it; may be changed."""
    from core.datasets.importing import import_dataset

    import_dataset(workspace, picture_folder, "shapes")
    return workspace


@pytest.fixture
def here(monkeypatch):
    """The engine's work is done in this process, which has Keras loaded already."""
    from core.jobs import resolve

    class Here:
        def call(self, function, *arguments, timeout=None, **named):
            return resolve(function)(*arguments, **named)

    monkeypatch.setattr("ui.cache.engine", Here)
