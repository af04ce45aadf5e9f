/** The style sheet of all pages, a part of each. */
export const style = `
:root { color-scheme: light dark; --ink: #16181d; --quiet: #5b6270; --paper: #f6f7f9; --card: #fff; --line: #d9dde4;
  --accent: #1f5fd1; --on-accent: #fff; --bad: #b3261e; --good: #1a7f4b }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaee; --quiet: #9aa3b2; --paper: #101216; --card: #181b21; --line: #2c313a; --accent: #7aa7ff;
    --on-accent: #0b1220; --bad: #ff8a80; --good: #6dd49c }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif }
main { max-width: 27rem; margin: 8vh auto; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px }
.brand { margin: 0 0 1.25rem; font-weight: 650; letter-spacing: .02em; color: var(--quiet) }
h1 { margin: 0 0 .75rem; font-size: 1.45rem; line-height: 1.25 }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.05rem }
p { margin: .75rem 0 }
a { color: var(--accent) }
label { display: block; margin: 1rem 0 .3rem; font-weight: 550 }
input, select, textarea { width: 100%; padding: .6rem .7rem; font: inherit; color: inherit; background: var(--paper);
  border: 1px solid var(--line); border-radius: 8px }
input[type=checkbox] { width: auto; margin-right: .5rem }
input[aria-invalid=true] { border-color: var(--bad) }
input:focus-visible, select:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
button, .button { display: inline-block; margin-top: 1.25rem; padding: .62rem 1.1rem; font: inherit; font-weight: 600;
  color: var(--on-accent); background: var(--accent); border: 0; border-radius: 8px; cursor: pointer; text-decoration: none }
button.second, .button.second { color: var(--ink); background: transparent; border: 1px solid var(--line) }
.row { display: flex; flex-wrap: wrap; gap: .75rem }
.quiet { color: var(--quiet); font-size: .92rem }
.problem { color: var(--bad) }
.done { color: var(--good) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; margin: 1rem 0 }
dt { color: var(--quiet) }
dd { margin: 0; overflow-wrap: anywhere }
code, .code { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; overflow-wrap: anywhere }
.code { display: block; padding: .8rem; background: var(--paper); border: 1px solid var(--line); border-radius: 8px }
@media (max-width: 32rem) { main { margin: 0; min-height: 100vh; border: 0; border-radius: 0; padding: 1.5rem } }
`
