"""Share: take the model with you, send others what you see, repeat it without a browser."""

from urllib.parse import urlencode, urljoin, urlsplit

import streamlit as st

from core.errors import NotFound
from core.export.files import PACKAGES, bundle_run
from core.training.runs import Run
from ui import cache, messages
from ui.command_lines import commands, has_own_layers, has_own_variations
from ui.finished_run import finished_run

RUN_IT = """unzip {name}.zip
cd {name}
pip install {packages}
python predict.py photo.jpg"""
FOR_OTHERS = (
    "It works on this computer. For others in your network, start Loupe with "
    "`STREAMLIT_SERVER_ADDRESS=0.0.0.0 make run` and put this computer's name into the address."
)


def offer_model(run: Run) -> None:
    st.subheader("The model as a file", anchor=False)
    st.markdown(
        "A ZIP with the trained model, its class names and settings, and a small program that "
        "asks it about photos. It prepares pictures exactly as Loupe does, so its answers are "
        "the same."
    )
    bundle = bundle_run(run)
    st.download_button(
        f"Download {run.name}.zip ({bundle.stat().st_size / 1e6:.1f} MB)",
        bundle.read_bytes,
        file_name=f"{run.name}.zip",
        mime="application/zip",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )
    with st.expander("How to run it without Loupe", icon=":material/terminal:"):
        st.code(RUN_IT.format(name=run.name, packages=" ".join(PACKAGES)), language="bash")


def offer_link(run: Run) -> None:
    st.subheader("A link to what you see", anchor=False)
    st.markdown("The address holds the data set and the run: whoever opens it sees the same.")
    query = urlencode({"dataset": run.config.dataset, "run": run.name})
    address = urljoin(st.context.url or "http://localhost:8501/", f"/evaluation?{query}")
    st.code(address, language=None, wrap_lines=True)
    if urlsplit(address).hostname == "localhost":
        st.caption(FOR_OTHERS)


def show_commands(run: Run) -> None:
    st.subheader("The same from a terminal", anchor=False)
    st.markdown("Run these in Loupe's folder. With `--json` programs can read the answers.")
    if has_own_variations(run.config.recipe):
        st.caption(
            "This run used variations of your own. The second command uses the network's; the "
            "third repeats the run as it was, from its config.json."
        )
    if has_own_layers(run.config.recipe):
        st.caption(
            "This run used a network of your own. The second command uses the recipe's; the "
            "third repeats the run as it was, from its config.json."
        )
    for title, command in commands(run.config, source_of(run)):
        st.caption(title)
        st.code(command, language="bash", wrap_lines=True)


def source_of(run: Run) -> str:
    try:
        return str(cache.dataset(run.config.dataset).source)
    except NotFound:
        return ""


messages.page_header(
    "Share",
    "Take the model with you, show others what you see, repeat it without a browser.",
    page="share",
)
with messages.guard():
    run = finished_run("Here you download the model")
    if run is not None:
        offer_model(run)
        offer_link(run)
        show_commands(run)
