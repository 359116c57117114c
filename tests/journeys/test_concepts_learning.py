"""The labs about learning in the browser: they move, and their numbers are those of Keras."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from playwright.sync_api import expect

from core.concepts.answers import cross_entropy
from core.concepts.descent import FLOWERS, Rule, descend, square_loss, square_slopes
from core.concepts.five_weights import NAMES, FiveWeights
from core.datasets.samples import draw_insect
from core.images import PictureSpec, fit_picture
from tests.journeys.app_server import app_server
from tests.journeys.browser import open_page
from ui.components.learning_labs import HERE
from ui.concepts import backpropagation, batch_norm, loss, softmax

WAIT = 20_000
RULES: tuple[Rule, ...] = ("plain", "momentum", "adam")
SUMS = """async ([script, call, inputs]) => {
  const text = `${script}export { squareSlopes, fiveWeights };`;
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const sums = await import(address);
  return inputs.map((input) => new Function("sums", "input", `return ${call}`)(sums, input));
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with app_server(tmp_path_factory.mktemp("labs") / "workspace") as started:
        yield started


@pytest.fixture(scope="module")
def visit(browser, server):
    """Opens a lab in the one window of this file, and looks for faults when it is left."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(error))

    def opened(lab):
        page.set_viewport_size({"width": 1280, "height": 900})
        open_page(page, f"{server.url}/concepts?lab={lab}")
        expect(page.locator(".lab .panel").first).to_be_visible(timeout=WAIT * 2)
        return page

    def fits_a_phone():
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(150)
        widths = page.locator(".lab .panel, .lab .drawing, .lab .sum").evaluate_all(
            "all => all.map((one) => one.getBoundingClientRect().right)"
        )
        assert max(widths) <= 390 and not faults

    opened.fits_a_phone = fits_a_phone
    yield opened
    page.context.close()


def numbers(text):
    return [float(one.replace("−", "-")) for one in re.findall(r"−?\d+\.?\d*", text)]


def said(page, name):
    return page.locator(f"[data-id='{name}']")


def last_number(page, name):
    return numbers(said(page, name).inner_text())[-1]


def drag(page, name, across):
    """Takes the thing by its middle, moves it `across` pixels to the right, and lets go."""
    said(page, name).scroll_into_view_if_needed()
    box = said(page, name).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across / 2, y)
    page.mouse.move(x + across, y)
    page.mouse.up()


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_softmax_and_sigmoid(visit):
    page = visit("softmax")
    shares = page.locator("[data-share]")
    bar = page.locator(".stacked i").first
    before = bar.bounding_box()["width"]
    said(page, "score-dragonfly").focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    scores = np.array(softmax.SCORES) - [1, 0, 0, 0]
    theirs = np.asarray(keras.ops.softmax(scores)) * 100
    assert [numbers(one)[0] for one in shares.all_inner_texts()] == pytest.approx(theirs, abs=0.051)
    page.wait_for_timeout(200)
    assert bar.bounding_box()["width"] < before - 20
    said(page, "temperature").fill("2")
    theirs = np.asarray(keras.ops.softmax(scores / 2)) * 100
    assert [numbers(one)[0] for one in shares.all_inner_texts()] == pytest.approx(theirs, abs=0.051)
    button(page, "Several answers: sigmoid").click()
    theirs = np.asarray(keras.ops.sigmoid(scores)) * 100
    assert [numbers(one)[0] for one in shares.all_inner_texts()] == pytest.approx(theirs, abs=0.051)
    page.get_by_role("slider", name="Score of the one answer").focus()
    page.keyboard.press("ArrowRight")
    share = float(keras.ops.sigmoid(1.3)) * 100
    assert last_number(page, "sigmoid-sum") == pytest.approx(share, abs=0.051)
    assert last_number(page, "pair-sum") == pytest.approx(share, abs=0.051)
    visit.fits_a_phone()


def test_the_ball_and_the_three_ways_go_where_keras_goes(visit):
    page = visit("loss")
    page.get_by_role("slider", name="Share of the right class").focus()
    page.keyboard.press("ArrowLeft")
    assert f"{cross_entropy(0.69):.3f}" in said(page, "cross-entropy").inner_text()
    button(page, "About right").click()
    weight = keras.Variable([-0.35], dtype="float64")
    optimizer = keras.optimizers.SGD(0.018)
    optimizer.build([weight])
    before = said(page, "ball").get_attribute("transform")
    for _ in range(3):
        slope = square_slopes(float(np.asarray(weight)[0]))[0]
        optimizer.apply([keras.ops.convert_to_tensor([slope], "float64")], [weight])
        button(page, "Step").first.click()
    shown = numbers(said(page, "one-step").inner_text())
    assert shown[:2] == [3, pytest.approx(float(np.asarray(weight)[0]), abs=6e-4)]
    assert said(page, "ball").get_attribute("transform") != before
    # Dragged, it goes along and computes for its new place.
    drag(page, "ball", 60)
    _, place, height = numbers(said(page, "one-step").inner_text())[:3]
    assert place > shown[1] + 0.1
    assert height == pytest.approx(square_loss(place), abs=0.02)
    # Too large a step leaves the curve.
    button(page, "Too large").click()
    for _ in range(3):
        button(page, "Step").first.click()
    assert "too large" in page.locator(".verdict").first.inner_text()
    # Three rules at once, played and paused.
    button(page, "▶ Play").last.click()
    expect(page.locator("th").first).to_have_text(re.compile(r"after [4-9]\d* steps"), timeout=WAIT)
    button(page, "❚❚ Pause").click()
    steps = int(numbers(page.locator("th").first.inner_text())[0])
    for rule in RULES:
        shown = numbers(page.locator(f"tr[data-rule='{rule}']").inner_text())
        assert shown[-3:-1] == pytest.approx(descend(rule, 0.05, loss.START, steps)[-1], abs=6e-4)
    visit.fits_a_phone()


def test_backpropagation_is_that_of_the_tape(visit):
    page = visit("backpropagation")
    graph = page.locator(".network")
    for _ in range(8):
        button(page, "Step").or_(button(page, "Next round")).click()
    weights = {name: tf.Variable(getattr(backpropagation.NETWORK, name)) for name in NAMES}
    x, target, rate = backpropagation.X, backpropagation.TARGET, backpropagation.RATE
    with tf.GradientTape() as tape:
        hidden = tf.sigmoid(weights["w1"] * x), tf.sigmoid(weights["w2"] * x)
        answer = weights["v1"] * hidden[0] + weights["v2"] * hidden[1] + weights["b"]
        error = (answer - target) ** 2
    slopes = tape.gradient(error, weights)
    update = page.locator("[data-stage='8']").inner_text()
    for name in NAMES:
        shown = numbers(re.search(rf"^{name} ← (.*)$", update, re.M).group(1))
        expected = [weights[name].numpy(), rate, slopes[name].numpy()]
        assert [shown[0], shown[1], shown[2]] == pytest.approx(expected, abs=6e-4)
    weights = FiveWeights(**{name: float(weights[name] - rate * slopes[name]) for name in NAMES})
    assert numbers(update)[-1] == pytest.approx(weights.loss(x, target), abs=6e-5)
    # A weight is dragged: the graph follows.
    before = graph.text_content()
    drag(page, "v1", 40)
    assert graph.text_content() != before
    button(page, "▶ Play until it fits").click()
    expect(page.locator(".verdict")).to_contain_text("it fits", timeout=WAIT)
    visit.fits_a_phone()


def test_batch_normalisation_is_that_of_keras(visit):
    page = visit("batch-normalization")
    photos = [
        fit_picture(
            draw_insect(("dragonfly", "damselfly")[place % 2], place, size=128),
            PictureSpec(image_size=(64, 64), fit="crop"),
        )
        for place in range(16)
    ]
    values = np.array([batch_norm.strongest(photo) for photo in photos], np.float32)
    layer = keras.layers.BatchNormalization(momentum=batch_norm.MOMENTUM)
    theirs = np.asarray(layer(values[:8, None], training=True))[0, 0]
    assert last_number(page, "normalised") == pytest.approx(theirs, abs=2e-3)
    threads = page.locator(".thread")
    before = threads.first.get_attribute("d")
    button(page, "One training step").click()
    for name, moving in ("mean", layer.moving_mean), ("variance", layer.moving_variance):
        assert last_number(page, f"moving-{name}") == pytest.approx(float(moving[0]), abs=6e-4)
    assert threads.first.get_attribute("d") != before
    button(page, "Prediction").click()
    theirs = np.asarray(layer(values[8:, None], training=False))[0, 0]
    assert last_number(page, "normalised") == pytest.approx(theirs, abs=2e-3)
    button(page, "Training").click()
    said(page, "size").fill("1")
    said(page, "beta").fill("1.5")
    assert last_number(page, "out") == 1.5
    expect(page.locator(".verdict")).to_contain_text("A batch of one")
    visit.fits_a_phone()


def test_dropout_scatters_and_scales_as_keras_does(visit):
    page = visit("dropout")
    rows = page.locator(".draw[data-draw]")
    shown = rows.all_inner_texts()
    assert len(shown) == 10 and len({one.split("\n")[-1] for one in shown}) > 3
    value = unit_value(page)
    assert value > 0.2
    ones = np.full((1, 100), value, np.float32)
    theirs = np.asarray(keras.layers.Dropout(0.5, seed=1)(ones, training=True))
    assert last_number(page, "scaled") == pytest.approx(theirs.max(), abs=2e-3)
    button(page, "▶ Draw on").click()
    expect(rows.last).to_have_attribute("data-draw", re.compile("1[2-9]"), timeout=WAIT)
    assert rows.all_inner_texts() != shown
    visit.fits_a_phone()


def unit_value(page):
    return numbers(re.search("value (.*), left", said(page, "unit-sum").inner_text()).group(1))[0]


def test_the_scripts_sums_are_those_of_core(browser):
    page = browser.new_page()
    script = (HERE / "lab_learning_sums.js").read_text(encoding="utf-8")
    rng = np.random.default_rng(3)
    for kind in ("sigmoid", "relu"):
        drawn = [
            dict(zip((*NAMES, "x", "target"), rng.normal(size=7), strict=True)) for _ in range(30)
        ]
        inputs = [
            {name: float(value) for name, value in one.items()} | {"kind": kind} for one in drawn
        ]
        found = page.evaluate(SUMS, [script, "sums.fiveWeights(input).slopes", inputs])
        for one, slopes in zip(inputs, found, strict=True):
            x, target = one.pop("x"), one.pop("target")
            assert FiveWeights(**one).slopes(x, target) == pytest.approx(slopes)
    points = [[length, width] for length, width in FLOWERS]
    found = page.evaluate(
        SUMS,
        [script, "sums.squareSlopes(input[0], input[1], input[2])", [[points, 0.3, -1.2]]],
    )
    assert found[0] == pytest.approx(square_slopes(0.3, -1.2))
    page.close()
