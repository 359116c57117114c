"""An upload of any size: the browser streams the file to `/api/uploads`, past Streamlit."""

import streamlit as st


def upload_stream(key: str, label: str) -> dict[str, str] | None:
    """Shows a file chooser with progress; returns `{"file", "name"}` once when a file arrived.

    Args:
        label: The words on its button.
    """
    result = _component(key=key, data={"label": label}, on_uploaded_change=_nothing)
    uploaded = result.get("uploaded")
    return dict(uploaded) if uploaded else None


def _nothing() -> None:
    """Streamlit tells a trigger only to a component that has a callback for it."""


HTML = """
<label class="choose"><span></span><input type="file" accept=".zip,.gz,.xz,.bz2,.tar,.tgz"></label>
<progress max="1" value="0" hidden></progress><div class="words" role="status"></div>
"""

CSS = """
:host {font-family: var(--st-font, sans-serif); color: var(--st-text-color)}
.choose {display: inline-block; padding: .45rem .9rem; cursor: pointer; border-radius: .6rem;
  border: 1px solid var(--st-border-color); font-size: .95rem}
.choose:hover {border-color: var(--st-primary-color); color: var(--st-primary-color)}
.choose:focus-within {outline: 3px solid var(--st-primary-color); outline-offset: 2px}
input {position: absolute; width: 1px; height: 1px; opacity: 0}
progress {display: block; width: 100%; margin-top: .6rem; accent-color: var(--st-primary-color)}
progress[hidden] {display: none}
.words {font-size: .85rem; opacity: .8; min-height: 1.3em; margin-top: .3rem}
"""

JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const input = parentElement.querySelector("input");
  const bar = parentElement.querySelector("progress");
  const words = parentElement.querySelector(".words");
  parentElement.querySelector(".choose span").textContent = data.label;
  input.onchange = () => {
    const file = input.files[0];
    if (!file) return;
    const request = new XMLHttpRequest();
    request.open("POST", "/api/uploads?name=" + encodeURIComponent(file.name));
    request.upload.onprogress = (event) => {
      bar.hidden = false;
      bar.value = event.loaded / event.total;
      words.textContent = `${megabytes(event.loaded)} of ${megabytes(event.total)} MB`;
    };
    request.onload = () => {
      const answer = JSON.parse(request.responseText || "{}");
      bar.hidden = true;
      words.textContent = request.status === 200 ? file.name + " has arrived." : answer.error;
      if (request.status === 200) {
        setTriggerValue("uploaded", { file: answer.file, name: file.name });
      }
    };
    request.onerror = () => { words.textContent = "The upload broke off. Try again."; };
    request.send(file);
    input.value = "";
  };
}

function megabytes(bytes) {
  return (bytes / 1e6).toLocaleString(undefined, { maximumFractionDigits: 1 });
}
"""

_component = st.components.v2.component("loupe_upload_stream", html=HTML, css=CSS, js=JS)
