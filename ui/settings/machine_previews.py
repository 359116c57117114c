"""What this computer would make of precision and XLA."""

import streamlit as st

from ui.settings.scene import Scene

DEVICE = "core.training.device:device_name"
JIT = "core.training.device:jit_compile"
FORMATS = {
    "full": "float32: about 7 digits, numbers up to 3 × 10³⁸",
    "mixed": "float16: about 3 digits, numbers up to 65,504",
}


def precision(scene: Scene) -> None:
    device = scene.asking.ask_or_say(DEVICE)
    if device is None:
        return
    st.markdown(f":small[This computer trains on: **{device}**]")
    chosen = scene.training.precision
    helps = device.startswith("GPU")
    if chosen == "full":
        advice = " 'Mixed' may be faster here." if helps else " Right for this computer."
    else:
        advice = " Right for a graphics card." if helps else " Here 'full' is faster."
    st.caption(f"{FORMATS[chosen]}.{advice}")


def xla(scene: Scene) -> None:
    device = scene.asking.ask_or_say(DEVICE)
    compiles = scene.asking.ask_or_say(JIT, scene.training.xla)
    if device is None or compiles is None:
        return
    st.markdown(
        ":small[On this computer the training would be "
        f"**{'compiled' if compiles else 'run without compiling'}** ({device}).]"
    )
