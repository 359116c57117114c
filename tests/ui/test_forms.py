from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field
from streamlit.testing.v1 import AppTest

from ui.forms import bounds, label_of, plain_type


class Pond(BaseModel):
    model_config = ConfigDict(frozen=True)

    kind: Literal["pond"] = "pond"
    depth: float = Field(
        1.5,
        ge=0,
        le=4,
        description="From the surface to the ground.",
        json_schema_extra={"label": "Depth", "unit": "m", "step": 0.5},
    )
    fish: int = Field(3, ge=0)
    lilies: bool = True
    shape: Literal["round", "long_and_thin"] = "round"
    budget: float | None = Field(None, ge=1, json_schema_extra={"start": 60})
    size: tuple[int, int] = (20, 30)
    name: str = "Mill pond"


def page():
    import streamlit as st

    from tests.ui.test_forms import Pond
    from ui.forms import model_form

    st.session_state["made"] = model_form(Pond, st.session_state.get("start"), "pond")


def part_of_it():
    import streamlit as st

    from tests.ui.test_forms import Pond
    from ui.forms import model_form

    st.session_state["made"] = model_form(Pond, Pond(fish=7), "pond", ["depth"])


@pytest.fixture
def form():
    return AppTest.from_function(page).run()


def test_every_field_gets_the_widget_of_its_type(form):
    assert form.slider(key="pond.depth").label == "Depth (m)"
    assert form.slider(key="pond.depth").help == "From the surface to the ground."
    assert (form.slider(key="pond.depth").min, form.slider(key="pond.depth").max) == (0, 4)
    assert form.number_input(key="pond.fish").min == 0
    assert form.toggle(key="pond.lilies").value is True
    assert form.button_group(key="pond.shape").value == "round"
    assert form.text_input(key="pond.name").value == "Mill pond"
    assert form.number_input(key="pond.size.1").value == 30
    assert not form.exception


def test_untouched_it_returns_the_defaults(form):
    assert form.session_state["made"] == Pond()


def test_what_is_chosen_arrives_in_the_model(form):
    form.slider(key="pond.depth").set_value(2.5)
    form.number_input(key="pond.fish").set_value(9)
    form.toggle(key="pond.lilies").set_value(False)
    form.button_group(key="pond.shape").set_value("long_and_thin")
    form.number_input(key="pond.size.0").set_value(64)
    form.run()
    made = form.session_state["made"]
    assert made == Pond(depth=2.5, fish=9, lilies=False, shape="long_and_thin", size=(64, 30))


def test_an_optional_number_is_off_until_it_is_switched_on(form):
    assert form.session_state["made"].budget is None
    form.toggle(key="pond.budget.use").set_value(True).run()
    assert form.session_state["made"].budget == 60
    form.number_input(key="pond.budget").set_value(30.0).run()
    assert form.session_state["made"].budget == 30


def test_only_the_fields_asked_for_are_drawn_and_the_others_stay():
    app = AppTest.from_function(part_of_it).run()
    assert len(app.slider) == 1 and not app.number_input
    assert app.session_state["made"] == Pond(fish=7)


def test_it_starts_at_the_value_it_is_given():
    app = AppTest.from_function(page)
    app.session_state["start"] = Pond(depth=3.0, budget=12.0)
    app.run()
    assert app.slider(key="pond.depth").value == 3.0
    assert app.session_state["made"] == Pond(depth=3.0, budget=12.0)


def test_what_a_field_says_of_itself():
    fields = Pond.model_fields
    assert bounds(fields["depth"]) == (0, 4)
    assert bounds(fields["fish"]) == (0, None)
    assert label_of(fields["fish"], "fish") == "Fish"
    assert plain_type(fields["budget"].annotation) == (float, True)


class Meadow(BaseModel):
    model_config = ConfigDict(frozen=True)

    rate: float = Field(0.1, gt=0, le=10, json_schema_extra={"values": [0.01, 0.1, 1.0]})
    share: float = Field(0.2, gt=0, lt=0.5, json_schema_extra={"step": 0.1})
    kind: Literal["a", "b"] = Field("a", json_schema_extra={"titles": {"a": "Wet", "b": "Dry"}})
    rest: int | None = Field(None, ge=1, json_schema_extra={"start": 9})


def kept_page():
    import streamlit as st

    from tests.ui.test_forms import Meadow
    from ui.forms import chosen, field_widget

    kept = st.session_state.setdefault("kept", Meadow().model_dump())

    def take(name):
        kept[name] = chosen(Meadow.model_fields[name], name, "meadow")

    for name, field in Meadow.model_fields.items():
        field_widget(field, name, kept[name], "meadow", lambda name=name: take(name))


def test_a_form_shows_what_its_owner_keeps():
    form = AppTest.from_function(kept_page).run()
    form.select_slider(key="meadow.rate").set_value(1.0).run()
    form.toggle(key="meadow.rest.use").set_value(True).run()
    form.button_group(key="meadow.kind").set_value("b").run()
    kept = form.session_state["kept"]
    assert kept == {"rate": 1.0, "share": 0.2, "kind": "b", "rest": 9}
    form.number_input(key="meadow.rest").set_value(4).run()
    assert kept["rest"] == 4
    kept |= {"rate": 0.037, "rest": None, "kind": "a"}
    form.run()
    assert form.select_slider(key="meadow.rate").value == 0.037
    assert form.toggle(key="meadow.rest.use").value is False
    assert form.button_group(key="meadow.kind").value == "a"
    assert not form.exception


def test_a_slider_keeps_within_bounds_that_are_not_themselves_allowed():
    form = AppTest.from_function(kept_page).run()
    share = form.slider(key="meadow.share")
    assert (share.min, share.max) == pytest.approx((0.1, 0.4))
