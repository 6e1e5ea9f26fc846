/** Blue, orange and grey: told apart without colour vision, on white and on black. */
export const COLORS = { train: '#3b82c4', validation: '#8a8a8a', test: '#e8871e' } as const;

/** Colours of classes and of runs, in order; their marks differ by shape too. */
export const PALETTE: readonly string[] = [
  '#3b82c4',
  '#e8871e',
  '#17a398',
  '#b5489a',
  '#8a8a8a',
  '#7a9e3a',
  '#5f5fc4',
  '#c9483b',
  '#b08a2e',
  '#4aa3d8',
];

/** What all pages share: light and dark by what the reader's system says, narrow screens, paper. */
export const STYLE = `:root{color-scheme:light dark;--ink:#1c1c1c;--soft:#626262;--line:#d9d9d9;--paper:#fff;--card:#f6f6f4;--blue:#2f6fab;--orange:#c4690a;--grey:#757575;--fill-blue:#3b82c4;--fill-orange:#e8871e}
@media (prefers-color-scheme:dark){:root{--ink:#e6e6e6;--soft:#a8a8a8;--line:#3d3d3d;--paper:#161616;--card:#202020;--blue:#79b3e6;--orange:#f0a04b;--grey:#a0a0a0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1060px;padding:24px;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:24px;line-height:1.25;margin:0;overflow-wrap:anywhere}h2{font-size:18px;margin:32px 0 4px;border-top:1px solid var(--line);padding-top:16px}
p{margin:4px 0 10px}.soft{color:var(--soft)}a{color:var(--blue)}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:3px 10px 3px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere;vertical-align:top}th{font-weight:600}td.n,th.n{text-align:right}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(310px,100%),1fr));gap:12px}
.card{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:8px 12px;break-inside:avoid;overflow:hidden}
.card h3{font-size:14px;margin:0;overflow-wrap:anywhere}.card p{font-size:12px;margin:0 0 4px}
svg{max-width:100%;height:auto}.row{display:flex;flex-wrap:wrap;gap:8px}
.note{border-left:4px solid #e8871e;padding:4px 12px;margin:8px 0;background:var(--card);break-inside:avoid}.note p{margin:2px 0}code{font-size:13px;overflow-wrap:anywhere}
.key span{margin-right:14px}.train{color:${COLORS.train}}.validation{color:${COLORS.validation}}.test{color:${COLORS.test}}
img{image-rendering:pixelated;height:44px;max-width:100%;vertical-align:middle}
@media print{body{max-width:none;padding:0}h2{break-after:avoid}}
`;
