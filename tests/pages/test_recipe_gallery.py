import re

import pytest

from core.models.shapes import trace
from core.training.recipe_sizes import WAYS_TO_LEARN, made_of, ratio_in_words, size_of
from core.training.recipes import get_recipe, list_recipes
from ui import numbers_in_words
from ui.recipe_gallery import PRETRAINED, TUTORIAL_NAMES, grouped

NAMES = [recipe.name for recipe in list_recipes()]


def html(app):
    return " ".join(str(part.proto.body) for part in app.main.get("html"))


def test_every_recipe_is_in_one_group_and_can_be_chosen(open_page, shapes):
    groups = grouped(list_recipes())
    assert sorted(one.name for members in groups.values() for one in members) == sorted(NAMES)
    assert set(TUTORIAL_NAMES) <= set(NAMES)
    app = open_page("model")
    keys = {button.key for button in app.main.button}
    assert {f"choose-{name}" for name in NAMES} <= keys
    assert [tab.label for tab in app.main.tabs] == [
        f"{title} · {len(members)}" for title, members in groups.items()
    ]
    assert not app.exception and not app.error


def test_the_chosen_one_stands_on_top_with_all_that_is_said_of_it(open_page, shapes):
    app = open_page("model")
    app.button(key="choose-resnet50-v2").click().run()
    (chosen,) = re.findall(r"<section class='lp-chosen'>.*?</section>", html(app))
    recipe, lightest = get_recipe("resnet50-v2"), grouped(list_recipes())[PRETRAINED][0]
    times = size_of(recipe, 2).work / size_of(lightest, 2).work
    assert recipe.title in chosen and recipe.summary in chosen
    assert f"{ratio_in_words(times)} those of {lightest.title}" in chosen
    assert app.button(key="choose-resnet50-v2").disabled


@pytest.mark.parametrize("name", NAMES)
def test_what_is_compared_is_the_recipe_s_own_arithmetic(name):
    recipe = get_recipe(name)
    rows = trace(recipe.architecture, recipe.picture.shape, 3)
    size = size_of(recipe, 3)
    assert size.weights == sum(row.parameters for row in rows)
    assert size.work == sum(row.multiply_adds for row in rows)
    looks = 1 + getattr(recipe.architecture, "variants", 0) if size.once else WAYS_TO_LEARN
    assert size.learning_work == looks * size.work


def test_figures_on_the_lines_follow_the_recipe(open_page, shapes):
    page = html(open_page("model"))
    for name in ("small-cnn", "dragonflies", "inception-v3"):
        size = size_of(get_recipe(name), 2)
        assert numbers_in_words.short(size.weights) in page
        times = size.learning_work / size_of(get_recipe("small-cnn"), 2).learning_work
        assert f"<b>{ratio_in_words(times)}</b> {'once' if size.once else 'each round'}" in page


def test_a_network_is_said_to_be_made_of_its_layers():
    assert made_of(get_recipe("small-cnn")).startswith("4 convolutions, 3 poolings")
    assert "6 residual blocks" in made_of(get_recipe("resnet"))
    assert "78.7 %" in made_of(get_recipe("efficientnet-v2"))


@pytest.mark.parametrize("name", NAMES)
def test_summaries_hold_no_figure_that_could_be_computed(name):
    words = "two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|nineteen|twice|times"
    found = re.findall(rf"\b(?:\d[\d,.]*|{words})\b", get_recipe(name).summary)
    # Two convolutions in a row are what that network is known for, not a count of all of them.
    assert found == (["two"] if name == "dragonflies" else [])
