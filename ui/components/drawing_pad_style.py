"""What the drawing pad looks like."""

from ui.components.burst_camera_style import CSS as CAMERA_CSS

HTML = """
<div class="camera pad">
  <div class="view">
    <div class="sheet"><canvas class="paper" width="280" height="280" tabindex="0"
      aria-label="Drawing pad: draw with the mouse, a finger or a pen"></canvas></div>
    <p class="note"></p>
  </div>
  <div class="side">
    <div class="targets" role="radiogroup" aria-label="Draw into the class"></div>
    <div class="tools" role="toolbar" aria-label="Drawing tools">
      <button type="button" data-do="pen" aria-pressed="true" title="Pen (P)">Pen</button>
      <button type="button" data-do="erase" aria-pressed="false" title="Eraser (E)">Eraser</button>
      <button type="button" data-do="undo" title="Undo (Ctrl+Z)">Undo</button>
      <button type="button" data-do="redo" title="Redo (Ctrl+Y)">Redo</button>
      <button type="button" data-do="clear" title="Clear (Delete)">Clear</button>
    </div>
    <button class="hold keep" type="button"></button>
    <div class="counts"><b class="total"></b><span class="burst"></span></div>
    <div class="nine" aria-label="The last nine drawings"></div>
    <p class="words" role="status"></p>
  </div>
  <div class="settings">
    <label class="field">Thickness<span class="range"><input type="range" min="4" max="48"
      step="2" data-setting="width"><output></output></span></label>
    <label class="switch"><input type="checkbox" data-setting="dark"><i></i>White on black</label>
    <label class="switch"><input type="checkbox" data-setting="quick"><i></i><span
      class="quick"></span></label>
  </div>
</div>
"""

CSS = (
    CAMERA_CSS
    + """
.camera.pad {grid-template-columns: minmax(0, 400px) minmax(230px, 1fr)}
.sheet {position: relative; border-radius: var(--round); overflow: hidden;
  border: 1px solid var(--line)}
.paper {display: block; width: 100%; aspect-ratio: 1; touch-action: none; cursor: crosshair;
  user-select: none; -webkit-user-select: none}
.paper:focus-visible {outline: 3px solid var(--st-primary-color); outline-offset: -3px}
.tools {display: flex; flex-wrap: wrap; gap: .35rem}
.tools button {all: unset; box-sizing: border-box; cursor: pointer; min-height: 2.3rem;
  border: 1px solid var(--line); border-radius: var(--round); padding: .3rem .8rem;
  font-size: .9rem; background: var(--st-background-color)}
.tools button:hover {border-color: var(--st-primary-color)}
.tools [aria-pressed=true] {background: var(--st-secondary-background-color); font-weight: 600;
  border: 2px solid var(--st-primary-color); padding-inline: calc(.8rem - 1px)}
.tools button[disabled] {opacity: .45; cursor: default}
.hold.keep {min-height: 3.4rem; touch-action: manipulation}
.targets:empty, .total:empty {display: none}
.pad .counts:has(.total:empty), .pad.alone .nine {display: none}
@container (max-width: 620px) {
  .camera.pad {grid-template-columns: minmax(0, 1fr)}
}
"""
)
