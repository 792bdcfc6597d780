export const SHOP_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbf9f4; --card: #ffffff; --ink: #22301f; --soft: #5d6b59; --line: #e6e2d6;
  --leaf: #2f7d4f; --leaf-soft: #6fae82; --on-leaf-soft: #0d1a10; --pot: #c9764f; --accent: #2f7d4f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141a15; --card: #1c241d; --ink: #eef3ea; --soft: #a6b3a2; --line: #2d382e;
    --leaf: #58a877; --leaf-soft: #3b7a55; --on-leaf-soft: #fff; --pot: #b9683f; --accent: #7cc896;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--paper); color: var(--ink); min-height: 100dvh;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
a { color: var(--accent); }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
.bar, main, footer { max-width: 1040px; margin-inline: auto; padding-inline: 24px; }
.bar { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; justify-content: space-between; padding-block: 20px; }
.brand { display: flex; gap: 10px; align-items: center; color: inherit; font-weight: 650; font-size: 18px; text-decoration: none; }
.brand svg { width: 28px; height: 28px; fill: var(--leaf); }
nav { display: flex; gap: 4px; padding: 4px; border: 1px solid var(--line); border-radius: 999px; background: var(--card); }
nav a { padding: 6px 16px; border-radius: 999px; color: var(--soft); font-size: 14px; text-decoration: none; }
nav a:hover { color: var(--ink); }
nav a[aria-current] { background: var(--ink); color: var(--paper); }
.hero { padding-block: 56px 40px; max-width: 640px; }
.kicker { color: var(--accent); font-weight: 600; font-size: 14px; margin-bottom: 12px; }
h1 { font: 600 clamp(34px, 6vw, 54px)/1.08 "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif; letter-spacing: -0.02em; text-wrap: balance; }
.lead { margin-top: 18px; color: var(--soft); font-size: 18px; text-wrap: pretty; }
.shelf { display: grid; gap: 20px; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); }
.card { position: relative; padding: 24px; border: 1px solid var(--line); border-radius: 20px; background: var(--card); }
.card svg { display: block; width: 100%; height: 168px; margin-bottom: 16px; }
.card h2, .note h2 { font-size: 17px; font-weight: 620; }
.card p { color: var(--soft); font-size: 15px; }
.price { position: absolute; inset: 24px 24px auto auto; font-weight: 600; font-variant-numeric: tabular-nums; }
.leaf { fill: var(--leaf); } .soft { fill: var(--leaf-soft); } .pot { fill: var(--pot); }
.stem { fill: none; stroke: var(--leaf-soft); stroke-width: 3; stroke-linecap: round; }
.note { margin-block: 28px; padding: 24px; border-radius: 20px; border: 1px dashed var(--line); }
.note p { color: var(--soft); }
.steps { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 14px; padding: 0; list-style: none; }
.steps li { padding: 4px 14px; border-radius: 999px; border: 1px solid var(--line); color: var(--soft); font-size: 14px; }
.steps .done { background: var(--leaf-soft); border-color: transparent; color: var(--on-leaf-soft); }
footer { padding-block: 24px 96px; color: var(--soft); font-size: 14px; }
footer p { max-width: 60ch; }
`
