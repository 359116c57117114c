"""The words of the commands that ask a trained run."""

from argparse import ArgumentParser, _SubParsersAction

from core.commands.argument_types import number_or_all, size
from core.commands.parser import add_command


def add_questions(commands: _SubParsersAction) -> None:
    """`evaluate`, `predict` and `maps`."""
    evaluate = add_command(commands, "evaluate", "measure a run on photos it has not learnt from")
    evaluate.add_argument("run", metavar="RUN")
    evaluate.add_argument("--split", default="test", help="test (default), validation or train")
    evaluate.add_argument(
        "--mirrored", action="store_true", help="compare with the mean over mirror images, too"
    )
    _add_image_size(evaluate)
    predict = add_command(commands, "predict", "ask a run what photos show")
    predict.add_argument("run", metavar="RUN")
    predict.add_argument("files", metavar="FILE", nargs="+")
    predict.add_argument(
        "--mirrored", action="store_true", help="the mean over each photo and its mirror image"
    )
    _add_image_size(predict)
    maps = add_command(commands, "maps", "draw what the layers see in a photo")
    maps.add_argument("run", metavar="RUN")
    maps.add_argument("file", metavar="FILE")
    maps.add_argument(
        "--layer",
        metavar="NAME",
        default=None,
        help="which layer, or all (default: the first convolution)",
    )
    maps.add_argument("--out", metavar="PNG", help="picture to write")
    maps.add_argument("--npz", metavar="NPZ", help="numbers to write: input and maps")
    _add_image_size(maps)


def add_attribute(commands: _SubParsersAction) -> None:
    """`attribute`."""
    command = add_command(
        commands, "attribute", "find the pixels of a photo that speak for a class"
    )
    command.add_argument("run", metavar="RUN")
    command.add_argument("file", metavar="FILE")
    command.add_argument(
        "--method",
        required=True,
        metavar="METHOD",
        help="grad-cam, grad-cam++, integrated-gradients, smoothgrad or occlusion",
    )
    command.add_argument(
        "--class",
        dest="class_name",
        metavar="NAME",
        help="which class is asked about (default: the one that the model answers with)",
    )
    command.add_argument(
        "--layer", metavar="NAME", help="for Grad-CAM (default: the last with feature maps)"
    )
    command.add_argument(
        "--judged", action="store_true", help="measure insertion and deletion, too"
    )
    command.add_argument("--out", metavar="PNG", help="picture to write")
    command.add_argument("--npz", metavar="NPZ", help="numbers to write: input and attribution")
    _add_image_size(command)


def _add_image_size(command: ArgumentParser) -> None:
    command.add_argument(
        "--image-size",
        type=size,
        metavar="HEIGHTxWIDTH",
        help="look at the photos at this size, such as 128x128; needs a network trained with "
        "--set open_size=yes (default: the size it learnt from)",
    )


def add_robustness(commands: _SubParsersAction) -> None:
    """`robustness`."""
    command = add_command(
        commands, "robustness", "ask a run what it withstands, and propose a recipe"
    )
    command.add_argument("run", metavar="RUN")
    command.add_argument(
        "--split",
        choices=("validation", "test"),
        default="validation",
        help="validation (default; choosing a recipe by the test photos would spoil the test)",
    )
    command.add_argument(
        "--photos",
        type=number_or_all,
        default=200,
        metavar="NUMBER",
        help="at most so many, evenly over the classes, or all (default: 200)",
    )
