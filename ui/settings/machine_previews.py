"""What this computer would make of precision and XLA."""

import streamlit as st

from ui.settings.scene import Scene

DEVICE = "core.training.device:device_name"
JIT = "core.training.device:jit_compile"
COMPUTES = "core.training.device:computes_in"
FORMATS = {
    "float32": "float32: about 7 digits, numbers up to 3 × 10³⁸",
    "float16": "float16: about 3 digits, numbers up to 65,504",
    "bfloat16": "bfloat16: about 2 digits, numbers up to 3 × 10³⁸",
}


def precision(scene: Scene) -> None:
    device = scene.asking.ask_or_say(DEVICE)
    if device is None:
        return
    st.markdown(f":small[This computer trains on: **{device}**]")
    used = scene.asking.ask(COMPUTES, scene.training.precision)
    best = scene.asking.ask(COMPUTES, "auto")
    if used and best:
        faster = f"{best} is faster here" if used != best else "right for this computer"
        st.caption(f"{FORMATS[used]}; {faster}.")


def xla(scene: Scene) -> None:
    device = scene.asking.ask_or_say(DEVICE)
    compiles = scene.asking.ask_or_say(JIT, scene.training.xla)
    if device is None or compiles is None:
        return
    st.markdown(
        ":small[On this computer the training would be "
        f"**{'compiled' if compiles else 'run without compiling'}** ({device}).]"
    )
