"""Home: what Loupe is, where you are on the road, and the demo."""

from ui import demo_view, home_view, messages, road

messages.page_header(
    "Teach a computer to tell pictures apart",
    "Loupe takes you from a folder of photos to a trained model, shows every step on the way, "
    "and lets you look inside what was learnt.",
    page="home",
)
demo = demo_view.demo_folder()
if demo is None:
    home_view.invitation()
else:
    with messages.guard():
        demo_view.demo_panel(demo)
with messages.guard():
    home_view.the_road(road.current_stations())
with messages.guard():
    home_view.datasets()
with messages.guard():
    home_view.runs()
