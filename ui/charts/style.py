"""What all HTML charts share: colours for both themes, tracks, chips."""

from ui.palette import BAD, QUIET

RIGHT, WRONG = "#1f77b8", BAD

BASE_CSS = f"""
.lp-interval, .lp-bars, .lp-per-class, .lp-figures, .lp-cards, .lp-differ {{
  --lp-right: {RIGHT}; --lp-wrong: {WRONG}; --lp-quiet: {QUIET};
  --lp-track: color-mix(in srgb, currentColor 12%, transparent);
  font-size: .95rem; line-height: 1.35;
}}
.lp-chip {{display: inline-block; width: .72em; height: .72em; border-radius: 3px;
  margin-right: .45em; flex: none}}
"""
