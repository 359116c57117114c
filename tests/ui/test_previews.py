import numpy as np
import pytest

from core.augmentation.changes import Change
from core.augmentation.presets import BUTTERFLIES
from core.augmentation.recipe import NO_AUGMENTATION
from core.augmentation.transforms import Drawn
from core.datasets.samples import SAMPLES
from core.images import PictureSpec
from ui import previews
from ui.galleries import Tile, picture_wall

PICTURE = np.full((32, 24, 3), 128, np.uint8)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_has_pictures_to_show(name):
    pictures = previews.sample_pictures(name)
    assert len(pictures) == 10
    assert all(one.shape == (one.shape[0], one.shape[0], 3) for one in pictures)


def test_what_was_drawn_is_said_in_a_few_signs():
    values = {"rotation": (-12,), "height_shift": (0.1,), "width_shift": (-0.2,), "zoom": (0.8, 1)}
    drawn = Drawn(tuple(Change(kind, drawn) for kind, drawn in values.items()))
    assert previews.short(drawn) == "+12°, ↑10%, →20%, 1.25×1.00"
    assert previews.short(Drawn()) == "unchanged"


def test_of_many_things_that_were_drawn_only_the_first_few_stand_under_a_tile():
    drawn = Drawn(tuple(Change("brightness", (1 + at / 10,)) for at in range(1, 10)))
    assert previews.short(drawn) == "light 1.10, light 1.20, light 1.30, light 1.40, 5 more"
    assert previews.words(drawn).count("light") == 9


def test_a_blended_label_adds_up_the_shares_of_a_class():
    shares = np.float32([0.5, 0.3, 0.2])
    assert previews.blended_label(shares, ["owl", "cat", "owl"]) == "70 % owl, 30 % cat"


def test_the_wall_has_an_original_and_its_variants_per_row():
    html = previews.wall_html([PICTURE, PICTURE], BUTTERFLIES, seed=1, draws=3)
    assert html.count("<figure") == 8
    assert html.count("Original") == 2 * 3  # caption, title and spoken label
    assert "unchanged" in previews.wall_html([PICTURE], NO_AUGMENTATION, seed=1, draws=1)


def test_the_same_seed_shows_the_same_wall():
    one, again, other = (previews.wall_html([PICTURE], BUTTERFLIES, s, 2) for s in (3, 3, 4))
    assert one == again != other


def test_numbers_before_and_after_rescaling():
    html = previews.numbers_html(PICTURE, BUTTERFLIES)
    assert html.count(">128<") == 25 and html.count(">0.50<") == 25


def test_captions_are_escaped():
    html = picture_wall([Tile(PICTURE, "<b>")], 1, "wall")
    assert "<b>" not in html and "&lt;b&gt;" in html


def test_photos_of_a_data_set_come_as_the_model_gets_them(workspace, picture_folder):
    from core.datasets.importing import import_dataset

    import_dataset(workspace, picture_folder, "shapes")
    spec = PictureSpec(image_size=(16, 20), color_mode="grayscale")
    pictures = previews.dataset_pictures("shapes", spec, 6, 0)
    assert [one.shape for one in pictures] == [(16, 20, 1)] * 6
    others = previews.dataset_pictures("shapes", spec, 6, 1)
    assert not all((a == b).all() for a, b in zip(pictures, others, strict=True))
