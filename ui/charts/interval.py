"""An accuracy with its interval, drawn on a line from 0 to 100 %."""

from html import escape

from ui.charts.style import BASE_CSS


def interval_bar(accuracy: float, low: float, high: float, chance: float | None = None) -> str:
    """HTML: a dot for the accuracy, a band for the interval, a mark for guessing.

    Args:
        accuracy: Share of pictures that were right, 0 to 1.
        low: Lower end of the 95 % interval, 0 to 1.
        high: Upper end, 0 to 1.
        chance: What guessing would reach, 0 to 1; no mark when None.
    """
    spoken = f"Accuracy {accuracy:.0%}, the interval goes from {low:.0%} to {high:.0%}."
    guess = (
        ""
        if chance is None
        else f'<i class="chance" style="left:{chance:.2%}"><b>guessing {chance:.0%}</b></i>'
    )
    return (
        f"<style>{BASE_CSS}{CSS}</style>"
        f'<div class="lp-interval" role="img" aria-label="{escape(spoken)}">'
        f'<div class="line"><i class="band" style="left:{low:.2%};width:{high - low:.2%}"></i>'
        f'{guess}<i class="dot" style="left:{accuracy:.2%}"></i></div>'
        '<div class="ends"><span>0 %</span><span>100 %</span></div></div>'
    )


CSS = """
.lp-interval {padding: .4rem .5rem .2rem}
.lp-interval .line {position: relative; height: 12px; border-radius: 6px;
  background: var(--lp-track)}
.lp-interval .band {position: absolute; top: 0; height: 12px; border-radius: 6px;
  min-width: 4px; background: var(--lp-right); opacity: .45}
.lp-interval .dot {position: absolute; top: -4px; width: 20px; height: 20px; margin-left: -10px;
  border-radius: 50%; background: var(--lp-right); border: 3px solid #fff;
  box-sizing: border-box; box-shadow: 0 1px 4px rgba(0, 0, 0, .3)}
.lp-interval .chance {position: absolute; top: -4px; height: 20px; border-left: 2px dashed;
  opacity: .65; font-style: normal}
.lp-interval .chance b {position: absolute; top: 22px; left: 0; transform: translateX(-50%);
  font-size: .75rem; font-weight: 400; white-space: nowrap}
.lp-interval .ends {display: flex; justify-content: space-between; font-size: .8rem;
  opacity: .75; margin-top: .35rem}
"""
