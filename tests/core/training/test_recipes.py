import pytest

from core.errors import LoupeError, NotFound
from core.training.recipes import apply_overrides, get_recipe, list_recipes, override_fields


def test_the_recipes_are_there_and_say_what_they_are_for():
    recipes = {recipe.name: recipe for recipe in list_recipes()}
    assert {"butterflies", "small-cnn"} <= set(recipes)
    assert all(recipe.title and recipe.summary for recipe in recipes.values())


def test_butterflies_is_the_tutorial_unchanged():
    recipe = get_recipe("butterflies")
    training = recipe.training
    assert recipe.picture.image_size == (75, 75)
    assert (training.optimizer, training.batch_size, training.epochs) == ("rmsprop", 32, 50)
    assert (training.schedule, training.learning_rate) == ("constant", 0.001)
    ranges = {step.kind: step for step in recipe.augmentation.steps}
    assert ranges["rotation"].degrees == 40
    assert ranges["width_shift"].fraction == ranges["height_shift"].fraction == 0.2
    assert ranges["shear"].degrees == ranges["zoom"].fraction == 0.2
    assert "horizontal_flip" in ranges
    assert recipe.augmentation.rescale == pytest.approx(1 / 255)


def test_strings_from_a_command_line_become_values():
    recipe = apply_overrides(
        get_recipe("small-cnn"),
        {"picture.image_size": "48x32", "learning_rate": "0.01", "color_mode": "grayscale"},
    )
    assert recipe.picture.shape == (48, 32, 1)
    assert recipe.training.learning_rate == 0.01


def test_saying_how_long_one_way_ends_the_other():
    by_time = get_recipe("small-cnn")
    by_epochs = apply_overrides(by_time, {"epochs": "3"})
    assert (by_epochs.training.epochs, by_epochs.training.budget_seconds) == (3, None)
    again = apply_overrides(by_epochs, {"budget_seconds": 5})
    assert (again.training.epochs, again.training.budget_seconds) == (None, 5)
    both = apply_overrides(by_time, {"epochs": 2, "budget_seconds": 9})
    assert (both.training.epochs, both.training.budget_seconds) == (2, 9)


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"epoch": 3}, "There is no field 'epoch' to set. Choose one of picture.image_size"),
        ({"batch_size": "many"}, "training.batch_size does not fit: a whole number is expected."),
        ({"epochs": "0"}, "a number of at least 1 is expected"),
        ({"epochs": "none"}, "a training needs a number of epochs, a time budget, or both"),
        ({"fit": "squeeze"}, "'stretch', 'crop' or 'pad'"),
    ],
)
def test_what_cannot_be_set_is_said(overrides, sentence):
    with pytest.raises(LoupeError) as refusal:
        apply_overrides(get_recipe("small-cnn"), overrides)
    assert sentence in str(refusal.value)


def test_an_unknown_recipe_names_those_that_exist():
    known = ", ".join(recipe.name for recipe in list_recipes())
    with pytest.raises(NotFound, match=known):
        get_recipe("large-cnn")


def test_every_field_can_be_set_to_what_it_is():
    recipe = get_recipe("butterflies")
    data = recipe.model_dump()
    values = {path: data[path.split(".")[0]][path.split(".")[1]] for path in override_fields()}
    assert apply_overrides(recipe, values) == recipe
