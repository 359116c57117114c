"""How the drop zone looks."""

STYLE = """
:host {font-family: var(--st-font, sans-serif); color: var(--st-text-color)}
.zone {border: 1.5px dashed var(--st-border-color); border-radius: var(--st-base-radius, 10px);
  padding: 1.1rem 1.2rem; background: var(--st-secondary-background-color); position: relative;
  transition: border-color .12s, background .12s}
.zone.over {border-color: var(--st-primary-color); border-style: solid;
  background: color-mix(in srgb, var(--st-primary-color) 10%, var(--st-background-color))}
.rest {display: flex; align-items: center; gap: .9rem; flex-wrap: wrap}
.rest svg {width: 34px; height: 34px; fill: none; stroke: var(--st-primary-color); flex: none;
  stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round}
.invitation {flex: 1 1 15rem; min-width: 0; line-height: 1.4}
.invitation b {display: block; font-weight: 600; font-size: 1.02rem}
.invitation small {font-size: .86rem; opacity: .78}
.buttons {display: flex; gap: .5rem; flex-wrap: wrap}
button {font: inherit; font-size: .93rem; padding: .42rem .85rem; cursor: pointer;
  border-radius: var(--st-button-radius, 8px); border: 1px solid var(--st-border-color);
  background: var(--st-background-color); color: inherit}
button:hover {border-color: var(--st-primary-color); color: var(--st-primary-color)}
button:focus-visible {outline: 3px solid var(--st-primary-color); outline-offset: 2px}
input {position: absolute; width: 1px; height: 1px; opacity: 0; pointer-events: none; left: 0;
  bottom: 0}
.work, .trouble {display: none}
.zone[data-state="work"] .work, .zone[data-state="choice"] .work {display: block}
.zone[data-state="work"] .rest, .zone[data-state="choice"] .rest {display: none}
.zone.troubled .trouble {display: block}
.title {font-weight: 600; overflow-wrap: anywhere}
progress {display: block; width: 100%; height: .6rem; margin: .55rem 0 .45rem;
  accent-color: var(--st-primary-color)}
.line {display: flex; align-items: center; gap: 1rem; justify-content: space-between;
  flex-wrap: wrap}
.words {font-size: .88rem; opacity: .85; font-variant-numeric: tabular-nums; min-height: 1.3em;
  flex: 1 1 14rem}
.trouble {margin-top: .8rem; padding-top: .7rem; border-top: 1px solid var(--st-border-color)}
.reasons {font-size: .88rem; line-height: 1.45; overflow-wrap: anywhere; margin-bottom: .55rem}
.reasons b {color: var(--st-red-color, #b3402e)}
.trouble .buttons:not(:has(button:not([hidden]))) {display: none}
@media (max-width: 480px) {.zone {padding: .9rem} .rest .buttons {width: 100%}
  .rest .buttons button {flex: 1}}
"""
