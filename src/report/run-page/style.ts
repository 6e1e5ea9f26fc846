import { PALETTE } from '../page/style.ts';

const shades = Array.from({ length: 10 }, (_, i) => {
  const share = (0.05 + 0.06 * i).toFixed(2);
  return `.b${i}{background:rgb(59 130 196/${share})}.o${i}{background:rgb(232 135 30/${(0.08 + 0.075 * i).toFixed(2)})}`;
}).join('');

const marks = PALETTE.map(
  (color, k) =>
    `.k${k}{fill:${color}!important;stroke:${color};stroke-width:1.2}.k${k}.open{stroke:${color}}.c${k}{stroke:${color};stroke-width:1.8}`,
).join('');

/** What only reports of runs and of comparisons need. */
export const RUN_STYLE = `header{margin-bottom:8px}header .facts{color:var(--soft);margin:2px 0 0}
.status{display:inline-block;font-size:13px;font-weight:600;border:1px solid var(--line);border-radius:999px;padding:1px 10px;margin-left:8px;vertical-align:middle}
.status.good{color:var(--blue);border-color:currentcolor}.status.bad{color:var(--orange);border-color:currentcolor}
.say .status{margin:0 8px 0 0}.headline{display:flex;flex-wrap:wrap;gap:8px 28px;align-items:baseline;margin:18px 0 6px}
.headline .big{font-size:44px;font-weight:650;letter-spacing:-.02em;line-height:1.1;font-variant-numeric:tabular-nums}
.headline .of{color:var(--soft)}.headline .range{font-size:17px;font-variant-numeric:tabular-nums}
.say{font-size:16px;margin:6px 0;max-width:72ch}
nav{display:flex;flex-wrap:wrap;gap:2px 16px;padding:8px 0;margin-top:14px;border-top:1px solid var(--line);border-bottom:1px solid var(--line);font-size:13px}
nav a{text-decoration:none;padding:3px 0}nav a:hover,nav a:focus-visible{text-decoration:underline}
a:focus-visible,.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
section{scroll-margin-top:8px}section h2{margin-top:0}section>h2:first-child,nav+main section:first-child h2{border-top:0}section+section{border-top:0;margin-top:30px}main{margin-top:26px}
h3{font-size:14px;margin:18px 0 4px;overflow-wrap:anywhere}.soft{max-width:76ch}.from{float:right;font-size:12px;font-weight:400;color:var(--soft);margin-left:12px}
.scroll{overflow-x:auto}.scroll th,.scroll td{overflow-wrap:break-word}.scroll .n{white-space:nowrap}.hash{overflow-wrap:anywhere}.tight table{width:auto}.tight td,.tight th{padding-right:22px}
.chart{display:block;width:100%;max-width:460px;height:auto;font:11px system-ui,sans-serif}.chart text{fill:var(--soft)}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(400px,100%),1fr));gap:10px 24px}.charts figure,.charts>div{margin:0;break-inside:avoid}
figcaption,.caption{font-size:12px;color:var(--soft);line-height:1.35}
.chart path{fill:none}.grid-line{stroke:var(--line);stroke-width:1}.axis,.tick{stroke:var(--soft);stroke-width:1}
.l-train{stroke:var(--fill-blue);stroke-width:2}.l-val{stroke:var(--fill-orange);stroke-width:2;stroke-dasharray:5 3}.chart .m-val{fill:var(--fill-orange)}.chart .m-train{fill:var(--fill-blue)}
.l-step{stroke:var(--fill-blue);stroke-width:.8;opacity:.35}.l-best{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3}.l-soft{stroke:var(--grey);stroke-width:1;opacity:.55}.l-line{stroke:var(--soft);stroke-width:1;stroke-dasharray:4 3}
.chart .ring{stroke:var(--paper);stroke-width:.75}.chart .bar{fill:var(--fill-blue);opacity:.75}.chart .bar-soft{fill:var(--grey);opacity:.3}
.legend{font-size:12px;color:var(--soft);margin:0 0 2px}.legend span{margin-right:14px;white-space:nowrap}.legend svg{display:inline;vertical-align:-1px;margin-right:5px;width:22px;height:10px}.legend path{fill:none}.legend .m-val{fill:var(--fill-orange)}
.whisker{display:block;width:100%;min-width:150px;max-width:260px;height:18px}.whisker path{stroke:var(--blue);stroke-width:2;fill:none}.whisker .zero{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 2}.whisker circle{fill:var(--blue)}.whisker.other path{stroke:var(--grey)}.whisker.other circle{fill:var(--grey)}.whisker.other .zero{stroke:var(--soft)}
.confusion{border-collapse:separate;border-spacing:2px;width:auto;font-size:13px}.confusion th,.confusion td{border:0;padding:0 4px;text-align:center;font-weight:400;color:var(--soft);max-width:110px}.confusion th[scope=row]{vertical-align:middle;text-align:right;padding-right:8px;max-width:170px}.confusion td{padding:0;min-width:34px;height:28px;vertical-align:middle;border-radius:3px;color:var(--ink)}.confusion td a{display:block;padding:4px 6px;color:inherit;text-decoration:none}.confusion td a:hover,.confusion td a:focus-visible{outline:2px solid var(--blue)}.confusion td>span{padding:4px 6px;display:block}.confusion .none{color:var(--line)}.confusion .axis-name{font-size:12px;color:var(--soft);text-align:left}
${shades}${marks}
.chart .dots{fill:var(--fill-blue);opacity:.55}.chart .open{fill:var(--paper)!important;fill-opacity:.8;stroke-width:2}.wide .chart{max-width:560px}.wider .chart{max-width:760px}.wide,.wider{margin:0}
.cells{display:flex;flex-wrap:wrap;gap:6px 14px;margin-top:10px}.cell{padding:4px 6px;border-radius:6px;break-inside:avoid;scroll-margin-top:20px}.cell:target{background:var(--card);outline:2px solid var(--fill-orange)}.cell h4{font-size:13px;font-weight:600;margin:0;overflow-wrap:anywhere}.cell h4 span{font-weight:400;color:var(--soft)}.cell img{height:40px;margin:2px 3px 0 0;border-radius:2px}.cell p{font-size:12px;margin:0}
.shots{display:grid;grid-template-columns:repeat(auto-fill,minmax(104px,1fr));gap:14px 12px}.shots figure{margin:0;break-inside:avoid}.shots img{width:100%;max-width:104px;height:auto;border-radius:3px;display:block;margin-bottom:4px}.shots b{color:var(--ink)}
blockquote{margin:0;padding:6px 12px;border-left:3px solid var(--line);font-size:13px;max-width:80ch;overflow-wrap:anywhere}
.sheet{height:auto;max-width:100%;border-radius:3px}.maps{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start;margin:8px 0}.maps img.one{height:84px;border-radius:3px}.maps figure{margin:0}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:12px 14px;overflow-x:auto;font:12.5px/1.5 ui-monospace,monospace;margin:6px 0 12px}pre .comment{color:var(--soft)}details{margin:8px 0}summary{cursor:pointer;font-size:14px}
.gate{margin:3px 0}.gate b{display:inline-block;min-width:1.4em}.good-text{color:var(--blue)}.bad-text{color:var(--orange)}
.hash{font-size:11px;color:var(--soft)}
@media (max-width:560px){body{padding:14px}.headline .big{font-size:36px}.from{float:none;display:block;margin:0}table{font-size:12px}}
@media print{@page{margin:14mm}:root{color-scheme:light;--ink:#111;--soft:#555;--line:#ccc;--paper:#fff;--card:#fafafa;--blue:#2f6fab;--orange:#b45f06;--grey:#757575}nav{display:none}body{font-size:12px}a{color:inherit;text-decoration:none}.scroll{overflow:visible}pre{white-space:pre-wrap}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
