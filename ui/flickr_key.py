"""The key for Flickr: from Streamlit's secrets or the environment, never written anywhere."""

import os

import streamlit as st

from core.datasets.web.flickr import KEY_VARIABLE

VARIABLES = ("FLICKR_API_KEY", KEY_VARIABLE)
SNIPPET = '[flickr]\napi_key = "your key"\n'


def flickr_key() -> str:
    """The key, or nothing when there is none."""
    return _from_secrets() or next(filter(None, map(os.environ.get, VARIABLES)), "").strip()


def job_environment() -> dict[str, str]:
    """What a job that asks Flickr gets along, and no file does."""
    return {KEY_VARIABLE: flickr_key()}


def explain_key() -> None:
    """How to get a key and where to put it."""
    st.markdown(
        "Flickr wants to know who asks, so its search needs a **key of your own**. It is free "
        "for what is not sold:\n\n"
        "1. Sign in at Flickr and open "
        "[flickr.com/services/apps/create](https://www.flickr.com/services/apps/create/).\n"
        "2. Choose *Apply for a non-commercial key*, say in a sentence that you gather photos "
        "to teach a classifier, and copy the key (not the secret).\n"
        "3. Put it into the file `.streamlit/secrets.toml` in Loupe's folder, on the computer "
        "that Loupe runs on:"
    )
    st.code(SNIPPET, language="toml")
    st.markdown(
        "Or start Loupe with the environment variable `FLICKR_API_KEY`. Then reload this page. "
        "Loupe never asks for the key here, because what is typed into a page may be kept; it "
        "appears in no file of the workspace, no log and no address.\n\n"
        "**iNaturalist needs no key** and has photos of nearly every animal and plant."
    )


def _from_secrets() -> str:
    try:
        if not st.secrets.load_if_toml_exists():
            return ""
        section = st.secrets.get("flickr", {})
        return str(section.get("api_key") or st.secrets.get(VARIABLES[0]) or "").strip()
    except Exception:  # a damaged file of secrets is the administrator's matter, not this page's
        return ""
