"""The robustness report: what a model withstands, class by class, and a recipe from it."""

import streamlit as st

from core.augmentation.steps import STEP_LABELS
from core.evaluation.findings import Findings
from core.evaluation.recipe_proposal import Judged, Proposal, ProposalRule
from core.evaluation.severity_curves import LEVEL_WORDS, MODERATE, Curve, worst_cells
from ui import forms, messages, recipe_editor, state
from ui.charts.severity import loss_table, severity_legend, severity_panels
from ui.components.drawing import drawing
from ui.lab.asking import findings
from ui.lab.lab import Lab
from ui.view_switch import go_to_view

PARTS = {
    "curves": ":material/show_chart: Curves",
    "classes": ":material/table_chart: By class",
    "recipe": ":material/recommend: Proposed recipe",
}
TITLE = ":material/exercise: What does the model withstand?"
SENTENCE = (
    "The model is asked about the same photos again and again, each step of augmentation growing "
    "from nothing to the most. You get a curve per step, what each class loses, the strength up "
    "to which it holds, and a recipe against its weaknesses with the reason for every step."
)
BADGES = {
    "new": ":green-badge[new]",
    "wider": ":green-badge[wider]",
    "kept": ":gray-badge[kept]",
    "narrower": ":orange-badge[narrower]",
}


def show_robustness(lab: Lab) -> None:
    """The report, or the way to it."""
    found = findings(lab, TITLE, SENTENCE)
    if found is None:
        return
    st.markdown(messages.literal(found.summary))
    part = choose_part()
    if part == "curves":
        show_curves(found)
    elif part == "classes":
        show_classes(found)
    else:
        show_proposal(lab, found)


def choose_part() -> str:
    """Curves, classes or recipe; the address remembers it."""
    asked = state.address("part")
    state.set_widget("robustness-part", asked if asked in PARTS else "curves")
    return str(
        st.segmented_control(
            "Part of the report",
            list(PARTS),
            format_func=PARTS.__getitem__,
            required=True,
            key="robustness-part",
            label_visibility="collapsed",
            on_change=lambda: state.set_address("part", state.widget("robustness-part")),
            wrap=True,
        )
    )


def show_curves(found: Findings) -> None:
    """A small chart per step, the most harmful first; of all photos or of one class."""
    names = found.report.class_names
    asked = sorted({int(number) for number in found.report.true})
    number = st.selectbox(
        "Photos of",
        [None, *asked],
        format_func=lambda number: "All classes" if number is None else names[number],
        key="robustness-class",
    )
    curves = [curve if number is None else curve.of_class(number) for curve in found.curves]
    moved = [curve for curve in curves if not curve.idle]
    moved.sort(key=lambda curve: -curve.harm)
    st.html(severity_legend())
    panels = severity_panels(moved, {turn.kind for turn in found.turns})
    drawing(panels, key="robustness-panels")
    idle = [curve.label for curve in curves if curve.idle]
    if idle:
        st.caption(f"Without effect on these photos: {', '.join(idle)}.")
    st.caption(
        f"{found.precision} Steps that go both ways are asked at both ends of their range, and "
        "the answers counted together. Hover over a point for its numbers."
    )


def show_classes(found: Findings) -> None:
    """What each class loses at one strength, the worst marked."""
    level = int(
        st.select_slider(
            "Strength",
            list(range(1, len(LEVEL_WORDS))),
            value=MODERATE,
            format_func=lambda level: LEVEL_WORDS[level].capitalize(),
            key="robustness-level",
        )
    )
    curves = [curve for curve in found.curves if not curve.idle]
    worst = worst_cells(curves, level)
    st.markdown(worst_words(curves, worst, level))
    marked = {(kind, number) for kind, number, _ in worst}
    drawing(loss_table(curves, level, marked), key="robustness-losses")
    st.caption(
        "Points of accuracy won or lost against the unchanged photos. Framed: the worst of those "
        "that chance does not explain."
    )


def worst_words(
    curves: list[Curve], worst: list[tuple[str, int, float]], level: int, most: int = 3
) -> str:
    """The worst cells in a sentence."""
    if not worst:
        return "At this strength no class loses more than chance explains."
    names = curves[0].class_names
    by_kind = {curve.kind: curve for curve in curves}
    said = []
    for kind, number, loss in worst[:most]:
        curve = by_kind[kind]
        where = "" if curve.is_switch else f" at {curve.value_words(curve.at_level(level))}"
        label = messages.literal(names[number])
        said.append(
            f"**{label}** loses {round(100 * loss)} points under {STEP_LABELS[kind]}{where}"
        )
    return f"Hit worst: {'; '.join(said)}."


def show_proposal(lab: Lab, found: Findings) -> None:
    """The recipe, a reason per step, what was left out, and the buttons that use it."""
    with st.expander("The rule", icon=":material/tune:"):
        st.markdown(RULE)
        rule = forms.model_form(ProposalRule, None, "robustness-rule")
    proposal = found.proposal(rule)
    if not proposal.changes:
        st.success(
            "Nothing to change: within what still shows its class, this model loses nothing that "
            "more augmentation could be aimed at.",
            icon=":material/task_alt:",
        )
    for judged in proposal.inside:
        st.markdown(
            f"{BADGES[judged.verdict]} **{judged.label}** · {messages.literal(judged.reason)}"
        )
    buttons(lab, proposal)
    with st.expander(f"Left out: {len(proposal.left_out)} steps, and why"):
        st.markdown("\n".join(f"- {reason(judged)}" for judged in proposal.left_out))


def reason(judged: Judged) -> str:
    """A step's name and why it is in or out, as Markdown."""
    return f"**{judged.label}** · {messages.literal(judged.reason)}"


def buttons(lab: Lab, proposal: Proposal) -> None:
    """Take it over into the controls, and find out whether it helps."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Use this recipe",
            type="primary",
            icon=":material/input:",
            key="robustness-use",
            on_click=use,
            args=(lab.scope, proposal),
            help="The controls show it; Undo brings back what they showed before.",
        )
        st.button(
            "Does it help?",
            icon=":material/compare_arrows:",
            key="robustness-twins",
            on_click=go_to_view,
            args=("twins",),
            help="Trains twins with and without it, on the same seeds and budget.",
        )
    if state.get("robustness-used") == proposal.recipe:
        st.caption(":material/check_circle: The controls show this recipe now.")
    else:
        st.caption(
            "What the model is weak at is known; that training with this recipe helps is not."
        )


def use(scope: str, proposal: Proposal) -> None:
    """Lets the controls show the proposal; for callbacks."""
    recipe_editor.start_from(scope, proposal.recipe)
    state.put("robustness-used", proposal.recipe)


RULE = (
    "The recipe begins as the one the model was trained with. A step comes in, or is widened, "
    "where the model loses more than chance explains at a strength at which the picture still "
    "shows its class: it must still get most of what it gets right unchanged, photos must come "
    "that way, and the step must not turn one class into another."
)
