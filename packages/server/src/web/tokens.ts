/**
 * The design tokens of the pages and of the dashboard, as CSS custom properties: one scale of sizes, one of spaces, one
 * accent colour. A colour has a value for light and one for dark. `data-theme` on the root element overrides the system.
 */
export const tokens = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#191b20, #eceae6); --quiet: light-dark(#5a606b, #a3a8b1); --paper: light-dark(#f7f6f3, #111215);
  --card: light-dark(#ffffff, #191b1f); --sunk: light-dark(#efeeea, #0c0d0f); --line: light-dark(#e1dfd9, #2b2e34);
  --edge: light-dark(#8b8d90, #6f757f); --accent: light-dark(#2a50c8, #93aeff); --on-accent: light-dark(#ffffff, #0b1330);
  --accent-soft: light-dark(#e8edfb, #1c2544);
  --bad: light-dark(#b0251c, #ff958c); --bad-soft: light-dark(#fbe9e7, #371c1a);
  --good: light-dark(#166a45, #74d3a3); --good-soft: light-dark(#e2f2e9, #152d20);
  --warn: light-dark(#7d5200, #e6bc66); --warn-soft: light-dark(#f9efd7, #312611);
  --shadow: 0 1px 2px light-dark(rgb(20 22 28 / .06), rgb(0 0 0 / .4)), 0 8px 28px light-dark(rgb(20 22 28 / .10), rgb(0 0 0 / .5));
  --text-xs: .75rem; --text-s: .8125rem; --text-m: .875rem; --text-l: 1rem; --text-xl: 1.25rem; --text-2xl: 1.625rem;
  --space-1: .25rem; --space-2: .5rem; --space-3: .75rem; --space-4: 1rem; --space-5: 1.5rem; --space-6: 2rem; --space-7: 3rem;
  --radius: 6px; --radius-l: 10px;
  --font: "Geist Variable", system-ui, -apple-system, "Segoe UI", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
:root[data-theme=light] { color-scheme: light }
:root[data-theme=dark] { color-scheme: dark }
`
