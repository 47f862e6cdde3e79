/** Readable on a phone, in light and in dark; lines differ by dashes too, for who cannot tell their colours apart. */
export const STYLE = `
:root{color-scheme:light dark;--text:#1b2330;--dim:#5a6577;--back:#fff;--card:#f5f7fa;--edge:#d9dfe8;--bad:#b3261e;--good:#1b6e3c;--l0:#1f5fbf;--l1:#b4540a;--l2:#a3195b;--l3:#4b5563}
@media (prefers-color-scheme:dark){:root{--text:#e6eaf0;--dim:#a0abbb;--back:#12161d;--card:#1b212b;--edge:#343d4b;--bad:#ff8a80;--good:#7bd8a0;--l0:#7fb2ff;--l1:#ffb066;--l2:#ff8fc4;--l3:#b6c0cf}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;font:1rem/1.45 system-ui,sans-serif;color:var(--text);background:var(--back)}
h1{font-size:1.35rem;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
p{margin:.25rem 0;color:var(--dim);overflow-wrap:anywhere}
.alarm{margin:1rem 0;padding:.75rem 1rem;border:2px solid var(--bad);border-radius:.5rem}
.alarm strong{color:var(--bad)}
.alarm ul{margin:.25rem 0 0;padding-left:1.25rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.5rem;margin:1rem 0;padding:0}
.facts div{padding:.6rem .75rem;background:var(--card);border-radius:.5rem}
.facts dt{font-size:.85rem;color:var(--dim)}
.facts dd{margin:0;font-size:1.2rem;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .6rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--edge)}
th{font-weight:600;color:var(--dim)}
th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal;overflow-wrap:anywhere;min-width:7.5rem}
td.words{white-space:normal;overflow-wrap:anywhere;text-align:left;min-width:6rem}
.bad{color:var(--bad)}.good{color:var(--good)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:.75rem}
figure{margin:0;padding:.75rem;background:var(--card);border-radius:.5rem}
figcaption{font-weight:600}
figure>svg{display:block;width:100%;height:auto}
svg text{font-size:11px;fill:var(--dim)}
.grid{stroke:var(--edge)}
.line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.l0{stroke:var(--l0)}.l1{stroke:var(--l1);stroke-dasharray:6 3}.l2{stroke:var(--l2);stroke-dasharray:2 3}.l3{stroke:var(--l3);stroke-dasharray:9 3 2 3}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.25rem 0;padding:0;list-style:none;font-size:.85rem}
.legend svg{width:1.4rem;height:.5rem;margin-right:.3rem}
`;
