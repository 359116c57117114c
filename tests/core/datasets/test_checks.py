import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import faults
from core.datasets.checks import alignment, flagged, read_findings, read_report
from core.datasets.checks.acting import act, choose_class, to_one_split
from core.datasets.checks.checking import check, copies_by_name, refresh
from core.datasets.checks.findings import dismiss, take_back_dismissals
from core.datasets.checks.grouping import connected
from core.datasets.checks.near_duplicates import Likeness
from core.datasets.checks.neighbours import _largest
from core.datasets.checks.settings import CheckSettings
from core.datasets.edits import exclude, relabel, set_splits
from core.datasets.importing import import_dataset
from core.datasets.manifest import create_dataset, open_dataset, undo
from core.datasets.perception import mirrored, perceive
from core.errors import Stopped
from core.images import encode_png
from tests.core.datasets.test_measures import draw_scene

COUNT = 24


@pytest.fixture(scope="module")
def scene_folder(tmp_path_factory):
    """A folder of 48 drawn scenes of two classes, all different. Read-only."""
    root = tmp_path_factory.mktemp("scenes")
    for number in range(2 * COUNT):
        label = ("bee", "wasp")[number % 2]
        (root / label).mkdir(exist_ok=True)
        (root / label / f"{number:02d}.png").write_bytes(encode_png(draw_scene(number)))
    return root


@pytest.fixture
def folder(scene_folder, tmp_path):
    """The scenes in a folder of one's own, to plant faults into."""
    copy = tmp_path / "scenes"
    for path in faults.photos_below(scene_folder):
        target = copy / path.relative_to(scene_folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return copy


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def imported(workspace, folder):
    return import_dataset(workspace, folder, "scenes")


def files_of(dataset, ids):
    names = dataset.manifest.set_index("id")["source_file"]
    return {names[photo_id].split("/")[-1] for photo_id in ids}


def kinds(report):
    """Without what 48 photos are too few for."""
    return {finding.kind for finding in report.findings} - {"few_to_test", "few_to_learn"}


def test_a_clean_data_set_has_no_findings_about_photos(workspace, folder):
    assert kinds(check(imported(workspace, folder))) == set()


def test_drawn_pictures_of_24_pixels_are_not_all_flagged(shapes_workspace):
    report = check(open_dataset(shapes_workspace, "shapes"))
    assert not {"tiny", "blurred", "dark", "blank", "odd_shape"} & kinds(report)


@pytest.mark.parametrize("kind", list(faults.SPOILT))
def test_spoilt_photos_are_flagged_and_nothing_else_is(workspace, folder, kind):
    planted = faults.spoil(faults.photos_below(folder)[3:5], kind)
    dataset = imported(workspace, folder)
    report = check(dataset)
    assert kinds(report) == {kind}
    assert files_of(dataset, flagged(dataset, kind)) == {fault.file.name for fault in planted}
    excluded = act(dataset, report.of_kind(kind))
    assert len(excluded.used) == len(dataset.used) - 2
    assert kinds(refresh(excluded)) == set()


def test_a_blank_and_an_oddly_shaped_photo_are_named(workspace, folder):
    (folder / "bee" / "blank.png").write_bytes(encode_png(np.full((120, 160, 3), 128, np.uint8)))
    (folder / "bee" / "strip.png").write_bytes(encode_png(draw_scene(99, (40, 160))))
    dataset = imported(workspace, folder)
    check(dataset)
    assert files_of(dataset, flagged(dataset, "blank")) == {"blank.png"}
    assert files_of(dataset, flagged(dataset, "odd_shape")) == {"strip.png"}


def test_near_copies_are_found_and_all_but_the_largest_excluded(workspace, folder, rng):
    planted = faults.plant_near_copies(faults.photos_below(folder)[:8], rng)
    dataset = imported(workspace, folder)
    report = check(dataset)
    found = report.of_kind("near_duplicates")
    told = {frozenset(files_of(dataset, group)) for group in found.groups}
    assert told == {frozenset({f.file.name, f.original.name}) for f in planted}
    kept = act(dataset, found)
    assert files_of(kept, kept.used["id"]) == {
        path.name for path in faults.photos_below(folder) if not path.name.startswith("near-")
    }
    assert kinds(refresh(kept)) == set()
    assert "near_duplicates" in kinds(refresh(undo(kept)))


def test_a_mirror_image_is_a_copy(workspace, folder):
    (folder / "bee" / "mirror.png").write_bytes(encode_png(draw_scene(0)[:, ::-1]))
    dataset = imported(workspace, folder)
    check(dataset)
    assert files_of(dataset, flagged(dataset, "near_duplicates")) == {"00.png", "mirror.png"}


def test_exact_copies_are_found_by_their_bytes(workspace, folder):
    faults.plant_exact_copies(faults.photos_below(folder)[:3])
    dataset = imported(workspace, folder)
    found = check(dataset).of_kind("exact_duplicates")
    assert len(found.groups) == 3 and "3 photos more than needed" in found.sentence
    assert len(act(dataset, found).used) == 2 * COUNT


def test_one_photo_in_two_classes_is_a_conflict_and_no_spare_copy(workspace, folder, rng):
    faults.plant_copies_in_another_class(faults.photos_below(folder)[:1], rng)
    dataset = imported(workspace, folder)
    report = check(dataset)
    found = report.of_kind("label_conflicts")
    assert found.severity == "urgent" and report.findings[0].severity == "urgent"
    assert report.of_kind("near_duplicates") is None
    settled = refresh(choose_class(dataset, found.groups[0], "bee"))
    assert settled.of_kind("label_conflicts") is None
    assert settled.of_kind("near_duplicates") is not None


def test_a_leak_is_counted_and_mended(workspace, folder):
    faults.plant_exact_copies(faults.photos_below(folder)[:2])
    dataset = imported(workspace, folder)
    check(dataset)
    groups = read_report(dataset).of_kind("exact_duplicates").groups
    sides = {group[0]: "train" for group in groups} | {group[1]: "test" for group in groups}
    torn = set_splits(dataset, sides)
    leak = refresh(torn).of_kind("leaks")
    tests = torn.split_counts()["test"]
    assert f"up to 2 of {tests} test photos" in leak.effect and leak.severity == "urgent"
    assert refresh(act(torn, leak)).of_kind("leaks") is None


def test_a_series_on_both_sides_is_told(workspace, folder):
    dataset = imported(workspace, folder)
    check(dataset)
    manifest = dataset.manifest.copy()
    manifest["split"] = ["train", "test"] * COUNT
    manifest.loc[:3, "group"] = "burst-1"
    told = {"name": "series", "title": "Series", "source": "", "skipped": [], "repaired": []}
    changed = create_dataset(dataset.folder, manifest, choices={}, **told)
    found = refresh(changed).of_kind("torn_groups")
    assert len(found.groups) == 1 and len(found.groups[0]) == 4
    assert refresh(act(changed, found)).of_kind("torn_groups") is None


def test_files_that_went_are_unreadable_until_they_are_excluded(workspace, folder):
    dataset = imported(workspace, folder)
    dataset.photo_path(dataset.manifest["id"][0]).unlink()
    report = check(dataset)
    assert (
        report.findings[0].kind == "unreadable"
        and "cannot be opened" in report.findings[0].sentence
    )
    assert "unreadable" not in kinds(refresh(act(dataset, report.findings[0])))


def test_few_and_unequal_photos_are_told_with_the_interval(workspace, folder):
    dataset = imported(workspace, folder)
    thin = exclude(dataset, dataset.split("train").query("label == 'bee'")["id"].head(17))
    report = check(thin)
    assert "bee" in report.of_kind("few_to_learn").sentence
    assert "imbalance" in kinds(report)
    assert "lies between" in report.of_kind("few_to_test").effect
    none = set_splits(thin, dict.fromkeys(thin.manifest["id"], "train"))
    assert "Nobody can say" in refresh(none).of_kind("few_to_test").effect


def test_what_is_no_problem_stays_away_until_it_is_taken_back(workspace, folder):
    faults.spoil(faults.photos_below(folder)[3:5], "dark")
    faults.plant_exact_copies(faults.photos_below(folder)[8:9])
    dataset = imported(workspace, folder)
    for finding in check(dataset).findings:
        dismiss(dataset, finding)
    quiet = refresh(dataset)
    assert quiet.findings == () and "nothing to look at" in quiet.summary
    assert check(dataset).findings == () and quiet.dismissed >= 3
    take_back_dismissals(dataset)
    assert {"dark", "exact_duplicates"} <= kinds(refresh(dataset))


def test_findings_are_kept_and_know_when_they_are_out_of_date(workspace, folder):
    dataset = imported(workspace, folder)
    assert (
        read_report(dataset) is None and read_findings(dataset) == () and refresh(dataset) is None
    )
    report = check(dataset, CheckSettings(margin=5))
    assert read_report(dataset) == report and not report.is_stale(dataset)
    changed = relabel(dataset, dataset.manifest["id"].head(1), "hornet")
    assert report.is_stale(changed) and refresh(changed).settings.margin == 5
    (dataset.folder / "checks.json").write_text("{")
    assert read_report(dataset) is None


def test_stopped_checks_go_on_where_they_were(workspace, folder):
    dataset = imported(workspace, folder)

    def stop(done, total, message):
        if message.startswith("Holding"):
            raise Stopped("The work was stopped.")

    with pytest.raises(Stopped):
        check(dataset, progress=stop)
    messages = set()
    check(dataset, progress=lambda done, total, message: messages.add(message))
    assert "Measuring photos" not in messages and any("Holding" in m for m in messages)
    messages.clear()
    check(dataset, progress=lambda done, total, message: messages.add(message))
    assert messages == {"Putting the findings together"}


def test_new_photos_alone_are_compared(workspace, folder, rng):
    from core.datasets.adding import add_photos

    dataset = imported(workspace, folder)
    check(dataset)
    more = folder.parent / "more"
    (more / "bee").mkdir(parents=True)
    copy = faults.near_copy(draw_scene(0), "all", rng)
    (more / "bee" / "copy.jpg").write_bytes(copy)
    add_photos(workspace, "scenes", more)
    larger = open_dataset(workspace, "scenes")
    assert refresh(larger) is None
    totals = []
    check(larger, progress=lambda done, total, message: totals.append((message, total)))
    assert ("Measuring photos", 1) in totals
    assert files_of(larger, flagged(larger, "near_duplicates")) == {"00.png", "copy.jpg"}
    assert len(set(copies_by_name(larger).values())) == 1


def test_nearly_blank_photos_cannot_make_the_search_explode(workspace, tmp_path, rng):
    for number in range(60):
        noise = rng.integers(126, 129, (20, 20, 3)).astype(np.uint8)
        target = tmp_path / "in" / "ab"[number % 2] / f"{number}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(encode_png(noise))
    dataset = import_dataset(workspace, tmp_path / "in", "blanks")
    looks = []
    report = check(dataset, progress=lambda done, total, message: looks.append((message, total)))
    close = [total for message, total in looks if message.startswith("Laying")]
    assert max(close, default=0) <= 5 * 60
    assert report.of_kind("near_duplicates") is None


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30))
def test_groups_are_the_components_of_the_graph(pairs):
    groups = connected(pairs)
    members = [item for group in groups for item in group]
    assert len(members) == len(set(members))
    place = {item: number for number, group in enumerate(groups) for item in group}
    for one, other in pairs:
        assert one == other or place[one] == place[other]
    for group in groups:
        reached, edge = {group[0]}, True
        while edge:
            edge = [q for p in pairs for q in p if set(p) & reached and q not in reached]
            reached.update(edge)
        assert reached == set(group)


@given(
    st.integers(1, 4),
    st.integers(2, 600),
    st.integers(1, 6),
    st.integers(0, 1000),
)
def test_the_largest_are_found_without_sorting(rows, n, count, seed):
    values = np.random.default_rng(seed).normal(size=(rows, n)).astype(np.float32)
    count = min(count, n)
    found = np.take_along_axis(values, _largest(values, count), axis=1)
    assert (np.sort(found, axis=1) == np.sort(values, axis=1)[:, -count:]).all()


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 200),
    st.floats(0, 0.2),
    st.floats(0, 0.2),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0.7, 1.2),
    st.integers(-30, 30),
)
def test_any_crop_in_any_light_is_laid_back_over_its_photo(
    seed, off_height, off_width, top, left, gain, level
):
    scene = cv2.cvtColor(draw_scene(seed), cv2.COLOR_RGB2GRAY)
    height, width = scene.shape
    rows, columns = round(height * (1 - off_height)), round(width * (1 - off_width))
    first, start = round((height - rows) * top), round((width - columns) * left)
    part = scene[first : first + rows, start : start + columns]
    part = np.clip(part * gain + level, 0, 255).astype(np.uint8)
    assert agreement_of(scene, part) > 0.93


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 200), st.integers(201, 400))
def test_different_scenes_do_not_agree(one, other):
    pictures = [cv2.cvtColor(draw_scene(seed), cv2.COLOR_RGB2GRAY) for seed in (one, other)]
    assert agreement_of(*pictures) < 0.93


def agreement_of(one, other):
    def sized(picture, side):
        return cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)

    small = [alignment.small_picture(sized(picture, 32)) for picture in (one, other)]
    fit = alignment.best_place(small[0], alignment.templates(small[1]))
    large = [sized(picture, alignment.LARGE).astype(np.float32) for picture in (one, other)]
    return alignment.agreement(*large, fit)


def test_mirroring_a_descriptor_is_describing_the_mirror_image():
    scene = draw_scene(5, (128, 128))
    seen = perceive(np.ascontiguousarray(scene[:, ::-1])).descriptor
    turned = mirrored(perceive(scene).descriptor[None])[0]
    assert float(seen @ turned) > 0.999


def test_where_everything_looks_alike_more_agreement_is_asked_for():
    rng = np.random.default_rng(0)
    covered = frozenset(str(number) for number in range(200))
    different = Likeness((), rng.uniform(0.2, 0.6, 500).astype(np.float32), covered)
    digits = Likeness((), rng.uniform(0.85, 0.99, 500).astype(np.float32), covered)
    assert different.threshold(0.93) == 0.93
    assert digits.threshold(0.93) > 0.98


def test_a_group_moves_to_where_most_of_it_is_and_to_training_when_in_doubt(workspace, folder):
    dataset = imported(workspace, folder)
    ids = dataset.manifest["id"].tolist()[:3]
    rows = dataset.manifest.set_index("id")
    rows.loc[ids, "split"] = ["test", "train", "test"]
    assert to_one_split(rows, ids) == {ids[1]: "test"}
    assert to_one_split(rows, ids[:2]) == {ids[0]: "train"}
    assert to_one_split(rows, [ids[0], ids[2]]) == {}
