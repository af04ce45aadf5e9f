import { tokens } from '../web/tokens.ts'

/** The style sheet of all pages, a part of each. The font is a file of the dashboard; without it, that of the system. */
export const style = `${tokens}
@font-face { font-family: "Geist Variable"; src: url("/assets/geist.woff2") format("woff2"); font-weight: 100 900; font-display: swap }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--font); font-variant-numeric: tabular-nums }
main { max-width: 26rem; margin: 9vh auto; padding: var(--space-6); background: var(--card); border: 1px solid var(--line); border-radius: var(--radius-l) }
.brand { display: flex; align-items: center; gap: .5rem; margin: 0 0 var(--space-5); font-weight: 650; color: var(--ink) }
.brand::before { content: ""; width: 1.1rem; height: 1.1rem; border-radius: 50% 50% 50% 3px; background: var(--accent) }
h1 { margin: 0 0 var(--space-3); font-size: 1.4rem; line-height: 1.25; letter-spacing: -.015em }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.05rem }
p, ul { margin: .75rem 0 }
ul { padding-left: 1.1rem }
a { color: var(--accent); text-underline-offset: .15em }
label { display: block; margin: 1rem 0 .3rem; font-weight: 550 }
input, select, textarea { width: 100%; padding: .55rem .7rem; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--edge); border-radius: var(--radius) }
input[type=checkbox] { width: auto; margin-right: .5rem }
input[aria-invalid=true] { border-color: var(--bad) }
input:focus-visible, select:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
button, .button { display: inline-block; margin-top: 1.25rem; padding: .58rem 1.1rem; font: inherit; font-weight: 600;
  color: var(--on-accent); background: var(--accent); border: 0; border-radius: var(--radius); cursor: pointer; text-decoration: none }
form > button { width: 100%; margin-top: 1.5rem }
.row > :is(button, .button) { flex: 1; margin-top: 0; text-align: center; white-space: nowrap }
button.second, .button.second { color: var(--ink); background: transparent; border: 1px solid var(--edge) }
.row { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem }
.quiet { color: var(--quiet); font-size: .92rem }
.problem { color: var(--bad) }
.done { color: var(--good) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; margin: 1rem 0 }
dt { color: var(--quiet) }
dd { margin: 0; overflow-wrap: anywhere }
code, .code { font-family: var(--mono); overflow-wrap: anywhere }
.code { display: block; padding: .8rem; background: var(--sunk); border: 1px solid var(--line); border-radius: var(--radius) }
.copy { white-space: pre-wrap; user-select: all; -webkit-user-select: all }
.big { font-size: 1.5rem; text-align: center; letter-spacing: .12em }
@media (max-width: 32rem) { main { margin: 0; min-height: 100vh; border: 0; border-radius: 0; padding: 1.5rem } }
`
