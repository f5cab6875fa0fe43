#include "report/page.h"

namespace sca::report {

// The policy forbids the page every request and every script, whatever a model wrote into it.
const std::string_view kPageFrame = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{title}}</title>
<style>{{style}}</style>
</head>
<body>
<div class="page">
{{body}}
</div>
</body>
</html>
)html";

const std::string_view kPageStyle = R"css(
:root {
  --paper: #f6f7f9; --card: #ffffff; --ink: #18202b; --soft: #5b6675; --faint: #8d97a5;
  --line: #e3e7ed; --grid: #eaedf2; --code: #f3f5f8;
  --before: #a9b4c4; --after: #2563d9; --behind: #d6e2fa; --good: #15805a; --bad: #b8322a;
  --good-soft: #e2f4ec; --bad-soft: #fbe9e7; --wait: #9a6700; --wait-soft: #fbf1d8;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0e1218; --card: #161c25; --ink: #e7ecf3; --soft: #a3afbf; --faint: #76828f;
    --line: #283140; --grid: #212a36; --code: #10161e;
    --before: #66738a; --after: #6fa1ff; --behind: #25395f; --good: #45c08f; --bad: #ff8478;
    --good-soft: #12322a; --bad-soft: #3d1f1d; --wait: #e3b04b; --wait-soft: #362a12;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.page { max-width: 1080px; margin: 0 auto; padding: 40px 24px 64px; }
header .kicker { color: var(--soft); font-size: 14px; margin: 0 0 4px; }
h1 { font-size: 32px; line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 12px; text-wrap: balance; }
h2 { font-size: 21px; letter-spacing: -0.01em; margin: 0 0 4px; }
h3 { font-size: 15px; margin: 28px 0 8px; }
p { margin: 0 0 12px; max-width: 72ch; text-wrap: pretty; }
.lead { font-size: 18px; }
.facts { display: flex; flex-wrap: wrap; gap: 6px 20px; color: var(--soft); font-size: 14px; margin: 0; }
.facts b { color: var(--ink); font-weight: 600; }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 24px 0 0; font-size: 14px; }
a { color: var(--after); text-decoration: none; }
a:hover { text-decoration: underline; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(215px, 1fr)); gap: 14px; margin: 28px 0 14px; }
.card, section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.card { padding: 18px 20px; }
.card .what { color: var(--soft); font-size: 14px; margin: 0; }
.card .number { font-size: 32px; font-weight: 650; letter-spacing: -0.02em; line-height: 1.25; margin: 2px 0;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
.card .number .from { color: var(--faint); font-weight: 500; }
.card .more { color: var(--soft); font-size: 13.5px; margin: 0; }
.card.wide { grid-column: span 2; }
section { padding: 26px 28px; margin-top: 16px; }
section > .note, .note { color: var(--soft); font-size: 14px; max-width: 92ch; }
section > .note { margin-bottom: 16px; }
.empty { color: var(--faint); margin: 8px 0 0; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13.5px; color: var(--soft); margin: 4px 0 8px; }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 7px; }
.legend i.round { border-radius: 50%; }
i.before { background: var(--before); } i.after { background: var(--after); }
i.behind { background: var(--behind); } i.hollow { border: 2px solid var(--after); opacity: .7; }
svg { display: block; width: 100%; max-width: 960px; min-width: 640px; height: auto; overflow: visible;
  font-size: 13px; font-family: inherit; }
svg text { fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .tick, svg .figure { fill: var(--soft); }
svg .tick { font-size: 12.5px; }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
svg .strong { font-weight: 650; fill: var(--ink); }
svg .figure { paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.mono, code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
svg .mono { font-size: 12.5px; }
svg .before { fill: var(--before); } svg .after { fill: var(--after); }
svg .behind { fill: var(--behind); } svg .good { fill: var(--good); }
svg .grid { stroke: var(--grid); } svg .axis { stroke: var(--faint); }
svg .divider { stroke: var(--faint); stroke-dasharray: 3 4; }
svg .whisker { stroke: var(--ink); stroke-width: 1.3; opacity: .6; }
svg .curve { fill: none; stroke: var(--after); stroke-width: 2.5; stroke-linejoin: round; }
svg .curve.pale { stroke-width: 1.5; stroke-dasharray: 5 5; opacity: .55; }
svg .curve.thin { stroke-width: 1.7; }
svg .dot { fill: var(--after); stroke: var(--card); stroke-width: 2; }
svg .dot.hollow { fill: var(--card); stroke: var(--after); opacity: .75; }
.scroll { overflow-x: auto; margin: 12px 0 4px; padding: 2px 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--soft); font-weight: 500; white-space: nowrap; }
th, td { padding: 7px 16px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; padding-right: 20px; }
td:last-child, th:last-child { padding-right: 0; }
.narrow { max-width: 620px; } .narrow th { padding: 0; }
tr:last-child td { border-bottom: 0; }
.tag { display: inline-block; border-radius: 99px; padding: 1px 10px; font-size: 12.5px; font-weight: 600; white-space: nowrap; }
.tag.passed, .tag.good { color: var(--good); background: var(--good-soft); }
.tag.failed, .tag.bad { color: var(--bad); background: var(--bad-soft); }
.tag.skipped, .tag.wait { color: var(--wait); background: var(--wait-soft); }
details { border-top: 1px solid var(--line); }
details:last-of-type { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: 11px 0; display: flex; gap: 12px; align-items: baseline; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "▸"; color: var(--faint); flex: none; width: 10px; }
details[open] > summary::before { content: "▾"; }
summary .words { flex: 1; min-width: 0; overflow-wrap: anywhere; }
details > .inside { padding: 0 0 18px 22px; }
h4 { font-size: 13px; font-weight: 600; color: var(--soft); margin: 14px 0 4px; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 8px; padding: 11px 14px; margin: 0 0 8px;
  font-size: 12.5px; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 420px; overflow-y: auto; }
pre.seen { border-left: 3px solid var(--before); } pre.said { border-left: 3px solid var(--after); }
.instruction { font-size: 15.5px; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: 13px; margin-top: 28px; overflow-wrap: anywhere; }
@media (max-width: 560px) {
  .page { padding: 24px 14px; } section { padding: 20px 16px; } .cards { grid-template-columns: 1fr; } .card.wide { grid-column: auto; }
  h1 { font-size: 26px; }
}
@media print {
  .page { max-width: none; padding: 0; } nav { display: none; }
  .card, section { break-inside: avoid; }
}
)css";

}  // namespace sca::report
