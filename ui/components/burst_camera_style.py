"""What the burst camera looks like."""

HTML = """
<div class="camera">
  <div class="view">
    <div class="frame"><canvas class="preview" aria-label="What the camera sees"></canvas>
      <div class="over" role="status"></div><div class="red" hidden></div></div>
    <p class="note"></p>
  </div>
  <div class="side">
    <div class="targets" role="radiogroup" aria-label="Record into the class"></div>
    <button class="hold" type="button"></button>
    <div class="counts"><b class="total"></b><span class="burst"></span></div>
    <div class="nine" aria-label="The last nine frames of this burst"></div>
    <p class="words" role="status"></p>
  </div>
  <div class="settings">
    <label class="switch"><input type="checkbox" data-setting="mirror"><i></i>Mirror</label>
    <label class="switch"><input type="checkbox" data-setting="square"><i></i>Cut square</label>
    <label class="switch"><input type="checkbox" data-setting="countdown"><i></i>Start
      in 3 s, hands free</label>
    <label class="field">Camera<select data-setting="device"></select></label>
    <label class="field">Frames a second<span class="range"><input type="range" min="2" max="12"
      step="1" data-setting="rate"><output></output></span></label>
    <label class="field">Size of a frame<select data-setting="side">
      <option value="128">128 pixels</option><option value="224">224 pixels</option>
      <option value="320">320 pixels</option><option value="480">480 pixels</option>
      <option value="640">640 pixels</option></select></label>
    <label class="field">At most per burst<select data-setting="most"><option>25</option>
      <option>50</option><option>100</option><option>200</option><option>500</option></select></label>
  </div>
</div>
<div class="trouble" hidden>
  <b class="what"></b><p class="next"></p><pre class="command" hidden></pre>
  <div class="ways">
    <button class="again" type="button">Try again</button>
    <label class="choose"><span></span><input type="file" multiple capture="environment"
      accept="image/jpeg,image/png,image/webp"></label>
  </div>
  <p class="words" role="status"></p>
</div>
"""

CSS = """
:host {font-family: var(--st-font, sans-serif); color: var(--st-text-color);
  --line: var(--st-border-color); --round: var(--st-base-radius, 10px);
  --own: var(--st-primary-color); --on: #fff; container-type: inline-size}
* {box-sizing: border-box} [hidden] {display: none !important}
.camera {display: grid; gap: .9rem 1.2rem; align-items: start; padding: 3px;
  grid-template-columns: minmax(0, 440px) minmax(230px, 1fr)}
.frame {position: relative; border-radius: var(--round); overflow: hidden; min-height: 180px;
  background: #101716; display: grid; place-items: center}
.preview {display: block; width: 100%; max-height: 440px; object-fit: contain}
.preview:not(.on) {visibility: hidden; height: 260px}
.over {position: absolute; inset: 0; display: grid; place-items: center; text-align: center;
  padding: 1rem; color: #fff; text-shadow: 0 1px 6px #000; pointer-events: none}
.over.big {font-size: 7rem; font-weight: 700; line-height: 1}
.red {position: absolute; top: .6rem; left: .6rem; color: #fff; background: #b3261e;
  border-radius: 1rem; padding: .15rem .7rem; font-size: .85rem; font-weight: 600;
  font-variant-numeric: tabular-nums}
p {margin: 0; font-size: .85rem; line-height: 1.4} .note {opacity: .75; margin-top: .4rem}
.side {display: grid; gap: .7rem; min-width: 0}
.targets {display: flex; flex-wrap: wrap; gap: .4rem; max-height: 8.6rem; overflow-y: auto;
  padding: 3px}
.targets button {all: unset; box-sizing: border-box; cursor: pointer; display: flex; gap: .4rem;
  align-items: center; border: 1px solid var(--line); border-radius: 2rem; min-height: 2.1rem;
  padding: .2rem .8rem; font-size: .9rem; max-width: 100%}
.targets i {width: .7em; height: .7em; border-radius: 50%; flex: none}
.targets span {overflow: hidden; text-overflow: ellipsis; white-space: nowrap}
.targets small {opacity: .75; font-variant-numeric: tabular-nums}
.targets [aria-checked=true] {border: 2px solid var(--own); padding-inline: calc(.8rem - 1px);
  font-weight: 600; background: var(--st-secondary-background-color)}
.hold {all: unset; box-sizing: border-box; cursor: pointer; width: 100%; min-height: 4.2rem;
  text-align: center; border-radius: var(--round); background: var(--own); color: var(--on);
  font-size: 1.08rem; font-weight: 600; padding: .5rem 1rem; touch-action: none;
  user-select: none; -webkit-user-select: none; -webkit-touch-callout: none;
  overflow-wrap: anywhere}
.hold small {display: block; font-weight: 400; font-size: .82rem; margin-top: .1rem}
.hold:hover {filter: brightness(1.08)}
.hold.down {filter: brightness(.85); box-shadow: inset 0 0 0 4px rgb(255 255 255 / .45)}
.hold[disabled] {filter: none; background: var(--st-secondary-background-color);
  color: var(--st-text-color); opacity: .65; cursor: default}
:is(button, label, select, input, pre):focus-visible, .choose:focus-within,
.switch:focus-within {outline: 3px solid var(--st-primary-color); outline-offset: 2px}
.counts {display: flex; justify-content: space-between; gap: .6rem; align-items: baseline}
.counts b {font-size: 1.05rem} .counts span {font-size: .88rem; opacity: .8}
.counts {font-variant-numeric: tabular-nums; flex-wrap: wrap}
.nine {display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 5px;
  max-width: 252px}
.nine img {width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 6px;
  background: var(--st-secondary-background-color); display: block}
.words {min-height: 1.4em}
.words.bad {color: var(--st-red-color, #b3402e)}
.settings {grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .6rem 1.3rem;
  align-items: end; border-top: 1px solid var(--line); padding-top: .8rem}
.switch {display: flex; align-items: center; gap: .5rem; cursor: pointer; font-size: .9rem;
  min-height: 2.3rem; border-radius: 6px; position: relative}
.switch input {position: absolute; opacity: 0; width: 100%; height: 100%; margin: 0;
  cursor: pointer}
.switch i {width: 2.2rem; height: 1.25rem; border-radius: 1rem; background: var(--line);
  position: relative; flex: none; transition: background .15s}
.switch i::after {content: ""; position: absolute; top: .15rem; left: .15rem; width: .95rem;
  height: .95rem; border-radius: 50%; background: #fff; transition: left .15s;
  box-shadow: 0 1px 2px rgb(0 0 0 / .4)}
.switch input:checked + i {background: var(--st-primary-color)}
.switch input:checked + i::after {left: 1.1rem}
.field {display: grid; gap: .2rem; font-size: .8rem; min-width: 0; max-width: 100%}
.field select {font: inherit; font-size: .9rem; color: inherit; max-width: 15rem;
  background: var(--st-background-color); border: 1px solid var(--line); border-radius: 8px;
  padding: .35rem .5rem; min-height: 2.3rem}
.range {display: flex; gap: .5rem; align-items: center; min-height: 2.3rem}
.range input {accent-color: var(--st-primary-color); width: 8rem; margin: 0}
.range output {min-width: 1.6em; font-size: .9rem; font-variant-numeric: tabular-nums}
.trouble {border: 1px solid var(--line); border-radius: var(--round); padding: 1rem 1.1rem;
  background: var(--st-secondary-background-color); display: grid; gap: .6rem}
.trouble p {font-size: .95rem}
.command {margin: 0; padding: .6rem .8rem; border-radius: 8px; overflow-x: auto;
  background: var(--st-background-color); font: .8rem var(--st-code-font, monospace);
  white-space: pre-wrap; overflow-wrap: anywhere}
.ways {display: flex; flex-wrap: wrap; gap: .6rem}
.again, .choose {all: unset; box-sizing: border-box; cursor: pointer; min-height: 2.4rem;
  border: 1px solid var(--line); border-radius: var(--round); padding: .45rem .9rem;
  font-size: .95rem; background: var(--st-background-color)}
.again:hover, .choose:hover {border-color: var(--st-primary-color)}
.choose {position: relative}
.choose input {position: absolute; width: 1px; height: 1px; opacity: 0}
@container (max-width: 620px) {
  .camera {grid-template-columns: minmax(0, 1fr)}
  .preview {max-height: 62vh}
  .preview:not(.on) {height: 200px}
  .nine {grid-template-columns: repeat(9, minmax(0, 1fr)); gap: 4px; max-width: none}
  .field {flex: 1 1 8.5rem} .field select {width: 100%; max-width: none}
  .range input {flex: 1; min-width: 0; width: auto}
}
"""
