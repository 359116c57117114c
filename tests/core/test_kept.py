import threading

from core.kept import Kept


def test_what_was_not_used_for_longest_goes_first():
    kept = Kept(2, 100, len)
    for name in ("a", "b", "a", "c"):
        kept.get(name, lambda name=name: name * 10)
    assert kept.at_hand("a") == "a" * 10 and kept.at_hand("b") is None
    kept.get("heavy", lambda: "x" * 101)
    assert len(kept) == 1 and kept.at_hand("heavy")


def test_what_is_there_is_given_while_another_thing_is_being_made():
    kept, making, made = Kept(4, 100, len), threading.Event(), threading.Event()
    kept.get("there", lambda: "there")

    def slow():
        making.set()
        made.wait(10)
        return "slow"

    thread = threading.Thread(target=kept.get, args=("slow", slow))
    thread.start()
    assert making.wait(10)
    assert kept.get("there", lambda: "made again") == "there" and kept.at_hand("slow") is None
    made.set()
    thread.join(10)
    assert kept.get("slow", lambda: "made twice") == "slow"


def test_a_thing_that_several_ask_for_is_made_once():
    kept, count = Kept(4, 100, len), []

    def make():
        count.append(1)
        return "thing"

    threads = [threading.Thread(target=kept.get, args=("key", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(count) == 1
