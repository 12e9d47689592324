extension TearSheet {
  /// The style sheet of the page. Blue and orange tell gains from losses for eyes that do not tell
  /// red from green; no meaning is carried by color alone.
  static let style = #"""
    :root {
      --page: #f7f6f3; --surface: #ffffff; --ink: #15181e; --soft: #4d5562; --faint: #6a7280;
      --rule: #e3e1db; --grid: #ebe9e4; --zero: #a3a7ae;
      --main: #0b5c9e; --second: #7d8694; --loss: #b9480f; --wash: #0b5c9e14; --loss-wash: #b9480f1f;
      --band: #15181e0a; --good: #0d6b5e; --good-wash: #e2f1ee; --bad: #a3260c; --bad-wash: #fbe8e2;
      --mixed: #7d5200; --mixed-wash: #faf0d9; --plain: #4d5562; --plain-wash: #eeede9;
      --call: #0b5c9e; --field: #15181e; --number: #8a4b00; --text: #0d6b5e;
      --gain-1: #dce9f4; --gain-2: #b5d2ea; --gain-3: #77abd8; --gain-4: #2b74b3;
      --loss-1: #fae6da; --loss-2: #f4c8ad; --loss-3: #e79a6a; --loss-4: #c4581b;
      --strong-ink: #ffffff;
      color-scheme: light;
    }
    @media (prefers-color-scheme: dark) {
      :root:not([data-theme="light"]) {
        --page: #0e1014; --surface: #15181e; --ink: #eceef2; --soft: #b4bac5; --faint: #8f97a5;
        --rule: #272c35; --grid: #20252d; --zero: #5a626f;
        --main: #74b5ee; --second: #8c95a3; --loss: #f0955c; --wash: #74b5ee1f; --loss-wash: #f0955c29;
        --band: #ffffff08; --good: #6ccdb9; --good-wash: #14302b; --bad: #ff9d80; --bad-wash: #3a1b12;
        --mixed: #ecc069; --mixed-wash: #33270e; --plain: #b4bac5; --plain-wash: #22262e;
        --call: #74b5ee; --field: #eceef2; --number: #ecb36b; --text: #6ccdb9;
        --gain-1: #182a3b; --gain-2: #1c4062; --gain-3: #2865a0; --gain-4: #5aa0dd;
        --loss-1: #38231a; --loss-2: #593019; --loss-3: #93481c; --loss-4: #e07f42;
        --strong-ink: #0e1014;
        color-scheme: dark;
      }
    }
    :root[data-theme="dark"] {
      --page: #0e1014; --surface: #15181e; --ink: #eceef2; --soft: #b4bac5; --faint: #8f97a5;
      --rule: #272c35; --grid: #20252d; --zero: #5a626f;
      --main: #74b5ee; --second: #8c95a3; --loss: #f0955c; --wash: #74b5ee1f; --loss-wash: #f0955c29;
      --band: #ffffff08; --good: #6ccdb9; --good-wash: #14302b; --bad: #ff9d80; --bad-wash: #3a1b12;
      --mixed: #ecc069; --mixed-wash: #33270e; --plain: #b4bac5; --plain-wash: #22262e;
      --call: #74b5ee; --field: #eceef2; --number: #ecb36b; --text: #6ccdb9;
      --gain-1: #182a3b; --gain-2: #1c4062; --gain-3: #2865a0; --gain-4: #5aa0dd;
      --loss-1: #38231a; --loss-2: #593019; --loss-3: #93481c; --loss-4: #e07f42;
      --strong-ink: #0e1014;
      color-scheme: dark;
    }
    [data-language="en"] [lang="ko"], [data-language="ko"] [lang="en"] { display: none; }

    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; scroll-padding-top: 24px; }
    body {
      margin: 0; background: var(--page); color: var(--ink);
      font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
        "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", sans-serif;
      font-variant-numeric: tabular-nums; -webkit-font-smoothing: antialiased;
      word-break: keep-all; overflow-wrap: break-word;
    }
    main, .masthead, footer { max-width: 1120px; margin: 0 auto; padding: 0 32px; }
    h1, h2, h3, h4, p, dl, dd, ol, ul, figure, pre { margin: 0; padding: 0; }
    h1 { font-size: 34px; line-height: 1.2; font-weight: 650; letter-spacing: -0.02em; }
    h2 { font-size: 22px; line-height: 1.3; font-weight: 650; letter-spacing: -0.012em; }
    h3 { font-size: 15px; line-height: 1.4; font-weight: 620; }
    h4 { font-size: 13px; line-height: 1.4; font-weight: 600; }
    a { color: inherit; text-decoration: none; }
    code, pre {
      font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono",
        "Noto Sans Mono", "Noto Sans Mono CJK KR", monospace;
    }
    :focus-visible { outline: 2px solid var(--main); outline-offset: 3px; border-radius: 4px; }
    .spoken, .skip:not(:focus) {
      position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap;
    }
    .skip:focus { position: absolute; left: 32px; top: 8px; }

    .masthead {
      display: flex; justify-content: space-between; align-items: center; gap: 16px;
      padding-top: 22px; padding-bottom: 22px;
    }
    .brand { display: flex; align-items: center; gap: 9px; font-size: 15px; letter-spacing: 0.01em; }
    .brand path { fill: none; stroke: var(--loss); stroke-width: 2; stroke-linejoin: round; }
    .kind { white-space: nowrap; color: var(--faint); padding-left: 9px; border-left: 1px solid var(--rule); }
    .switches { display: flex; gap: 8px; }
    .switches[hidden] { display: none; }
    .choice { display: flex; border: 1px solid var(--rule); border-radius: 8px; overflow: hidden; }
    button {
      font: inherit; font-size: 13px; line-height: 1; color: var(--soft); background: transparent;
      border: 0; padding: 8px 12px; cursor: pointer;
    }
    button[aria-pressed="true"] { background: var(--ink); color: var(--page); }
    .theme { border: 1px solid var(--rule); border-radius: 8px; padding: 7px 9px; }
    .theme svg { display: block; }
    .theme circle { fill: none; stroke: currentColor; stroke-width: 1.5; }
    .theme path { fill: currentColor; }

    section {
      background: var(--surface); border: 1px solid var(--rule); border-radius: 14px;
      padding: 36px 40px 40px; margin-bottom: 20px;
    }
    .section-head { margin-bottom: 26px; }
    .lead { color: var(--soft); margin-top: 4px; max-width: 68ch; text-wrap: balance; }
    .sample { color: var(--faint); font-size: 13px; margin-top: 4px; }
    .label { font-size: 13px; color: var(--soft); }
    .note { color: var(--faint); font-size: 13px; line-height: 1.45; max-width: 72ch; }
    .absent {
      color: var(--soft); font-size: 14px; padding: 14px 16px; margin-top: 10px;
      background: var(--plain-wash); border-radius: 8px;
    }
    .number { text-align: right; }

    .asof { color: var(--soft); margin-top: 6px; }
    .formula {
      margin-top: 22px; padding: 16px 18px; background: var(--page); border: 1px solid var(--rule);
      border-radius: 10px; font-size: 14px; line-height: 1.6; white-space: pre-wrap;
      overflow-wrap: anywhere; word-break: normal; max-height: 15.5em; overflow: auto;
      color: var(--soft);
    }
    .f-call { color: var(--call); font-weight: 600; }
    .f-field { color: var(--field); }
    .f-number { color: var(--number); }
    .f-text { color: var(--text); }
    .f-comment { color: var(--faint); font-style: italic; }
    .chips {
      list-style: none; display: flex; flex-wrap: wrap; gap: 6px 18px; margin-top: 14px;
      overflow: hidden;
    }
    .chips li { font-size: 13px; color: var(--soft); }
    .chips li + li { position: relative; }
    .chips li + li::before {
      content: ""; position: absolute; left: -10px; top: 0.72em; width: 3px; height: 3px;
      border-radius: 50%; background: var(--zero);
    }
    .verdicts {
      display: grid; grid-template-columns: repeat(3, 1fr); gap: 12px; margin-top: 26px;
    }
    .verdict { padding: 14px 18px; border-radius: 10px; background: var(--plain-wash); }
    .verdict strong {
      display: block; font-size: 20px; line-height: 1.35; font-weight: 650; letter-spacing: -0.01em;
    }
    .verdict.good { background: var(--good-wash); } .verdict.good strong { color: var(--good); }
    .verdict.bad { background: var(--bad-wash); } .verdict.bad strong { color: var(--bad); }
    .verdict.mixed { background: var(--mixed-wash); } .verdict.mixed strong { color: var(--mixed); }

    .tiles {
      display: grid; grid-template-columns: repeat(4, 1fr); gap: 0; margin-top: 30px;
      border-top: 1px solid var(--rule);
    }
    .tile { padding: 20px 20px 18px 0; border-bottom: 1px solid var(--rule); min-width: 0; }
    .tile:not(:nth-child(4n+1)) { padding-left: 20px; border-left: 1px solid var(--rule); }
    .figure { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 7px; margin: 3px 0 4px; }
    .figure strong {
      font-size: 30px; line-height: 1.25; font-weight: 620; letter-spacing: -0.025em;
    }
    .unit { font-size: 13px; color: var(--faint); }
    .detail { font-size: 12.5px; line-height: 1.5; color: var(--faint); }
    .parts span { white-space: nowrap; }
    .parts > span + span { margin-left: 10px; }
    .unsure .figure strong, .verdict.unsure strong { color: var(--faint); }
    #overview > .sample { margin-top: 14px; }

    .trust { display: grid; grid-template-columns: 1fr 1fr; gap: 48px; margin-bottom: 34px; }
    .judgment .word {
      font-size: 34px; line-height: 1.25; font-weight: 680; letter-spacing: -0.022em;
    }
    .judgment.good .word { color: var(--good); } .judgment.bad .word { color: var(--bad); }
    .judgment.mixed .word { color: var(--mixed); }
    .meaning { color: var(--soft); }
    .ruler { margin-top: 26px; max-width: 420px; }
    .ruler svg { display: block; overflow: visible; margin-bottom: 8px; }
    .whisker { stroke: var(--main); stroke-width: 5; stroke-linecap: round; opacity: 0.35; }
    .estimate { fill: var(--main); stroke: var(--surface); stroke-width: 2; }
    .lucky { stroke: var(--loss); stroke-width: 2; stroke-dasharray: 3 3; }
    .objections { list-style: none; margin-top: 8px; }
    .objections li {
      padding: 10px 0 10px 16px; border-left: 3px solid var(--mixed); margin-bottom: 8px;
      font-size: 14px; line-height: 1.5;
    }
    .objections .refutes { border-color: var(--bad); }
    .objections em { font-style: normal; font-weight: 620; color: var(--bad); }

    table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 14px; line-height: 1.45; }
    th { font-weight: inherit; text-align: left; }
    thead th {
      font-size: 12.5px; color: var(--faint); padding: 0 12px 8px 0; vertical-align: bottom;
      border-bottom: 1px solid var(--zero);
    }
    tbody th, tbody td { padding: 10px 12px 10px 0; border-bottom: 1px solid var(--rule); }
    tbody tr:last-child > * { border-bottom: 0; }
    th:last-child, td:last-child { padding-right: 0; }
    .number { white-space: nowrap; }
    th.number { text-align: right; }
    .findings td, .checks td, .findings tbody th, .checks tbody th { vertical-align: top; }
    .findings tbody th, .checks .name { display: block; font-weight: 560; }
    .findings tbody th { display: table-cell; width: 27%; }
    .findings .meaning { padding-left: 28px; color: var(--soft); }
    .findings thead th:last-child { padding-left: 28px; }
    .findings td.number { font-weight: 620; white-space: normal; width: 19%; }
    .reason { display: block; font-size: 13px; line-height: 1.45; color: var(--mixed); margin-top: 2px; }
    .unknown { color: var(--faint); font-weight: 400; }
    .checks code { font-size: 12px; color: var(--faint); }
    .checks td:first-child { width: 130px; }
    .badge {
      display: inline-flex; gap: 6px; font-size: 12px; font-weight: 650; letter-spacing: 0.03em;
      padding: 3px 9px; border-radius: 6px; background: var(--plain-wash); color: var(--plain);
    }
    .badge.good { background: var(--good-wash); color: var(--good); }
    .badge.bad { background: var(--bad-wash); color: var(--bad); }
    .badge.mixed { background: var(--mixed-wash); color: var(--mixed); }
    .warnings { list-style: none; margin-top: 6px; }
    .warnings li { padding: 8px 0; border-bottom: 1px solid var(--rule); font-size: 14px; }
    .warnings li:last-child { border-bottom: 0; }
    .warnings code { font-size: 12px; color: var(--faint); }
    #checks h3 { margin-top: 28px; }
    #year-table-title { margin-bottom: 14px; }

    .chart + .chart, .pair + .chart, .chart + h3, .pair + h3 { margin-top: 38px; }
    .pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 36px 48px; }
    .pair.wide-first { grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr); }
    .pair .chart { margin-top: 0; }
    .legend {
      display: flex; flex-wrap: wrap; gap: 2px 18px; align-items: baseline; margin-top: 6px;
      font-size: 13px; color: var(--soft);
    }
    .legend output { color: var(--ink); font-weight: 620; padding-left: 3px; }
    .legend .key > svg { margin-right: 6px; }
    .plot { margin-top: 14px; padding-right: 58px; touch-action: pan-y; cursor: crosshair; }
    .plot[role="img"]:not([tabindex]) { cursor: default; }
    .plot:focus-visible { outline-offset: 10px; }
    .plot svg { display: block; overflow: visible; }
    .line { fill: none; stroke-width: 1.75; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
    .line.main { stroke: var(--main); }
    .line.second { stroke: var(--second); stroke-width: 1.4; stroke-dasharray: 5 3; }
    .line.loss { stroke: var(--loss); }
    .area.main { fill: var(--wash); } .area.loss { fill: var(--loss-wash); }
    .grid { stroke: var(--grid); stroke-width: 1; shape-rendering: crispEdges; }
    .grid.zero { stroke: var(--zero); }
    .tick { fill: var(--faint); font-size: 12px; }
    .middle, .value { text-anchor: middle; }
    .end { text-anchor: end; }
    .band { fill: transparent; }
    .band.shaded { fill: var(--band); }
    .border { stroke: var(--zero); stroke-width: 1; stroke-dasharray: 2 3; }
    .band-name { fill: var(--faint); font-size: 12px; }
    .dot.main { fill: var(--main); } .dot.second { fill: var(--second); } .dot.loss { fill: var(--loss); }
    .cursor line { stroke: var(--soft); stroke-width: 1; }
    .cursor .dot { stroke: var(--surface); stroke-width: 2; }
    .marker { fill: var(--surface); stroke: var(--loss); stroke-width: 2; }
    .callout {
      fill: var(--ink); font-size: 12.5px; font-weight: 620; stroke: var(--surface);
      stroke-width: 4px; paint-order: stroke; stroke-linejoin: round;
    }
    .bar.gain rect { fill: var(--main); } .bar.loss rect { fill: var(--loss); }
    .bar.pale rect { opacity: 0.4; }
    .value { fill: var(--soft); font-size: 11.5px; }
    .bar:hover rect { opacity: 0.75; }

    .scroll { overflow-x: auto; }
    .figures th:first-child { white-space: nowrap; padding-right: 20px; }
    .figures tbody td, .figures tbody th { padding-top: 7px; padding-bottom: 7px; }
    .figures .whole > * { font-weight: 620; }
    .heat { font-size: 12.5px; margin-top: 12px; border-collapse: separate; border-spacing: 2px; min-width: 640px; }
    .heat th, .heat td { border: 0; padding: 6px 4px; text-align: center; }
    .heat thead th { padding-bottom: 4px; }
    .heat th[scope="row"], .heat th:first-child { text-align: left; color: var(--soft); }
    .heat td { border-radius: 4px; }
    .heat .sum { text-align: right; font-weight: 620; padding-left: 10px; }
    .heat .h0 { background: var(--plain-wash); }
    .gain.h1 { background: var(--gain-1); } .gain.h2 { background: var(--gain-2); }
    .gain.h3 { background: var(--gain-3); } .gain.h4 { background: var(--gain-4); color: var(--strong-ink); }
    .heat .loss.h1 { background: var(--loss-1); } .heat .loss.h2 { background: var(--loss-2); }
    .heat .loss.h3 { background: var(--loss-3); }
    .heat .loss.h4 { background: var(--loss-4); color: var(--strong-ink); }
    .sectors { margin-top: 38px; }
    .multiples {
      display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 26px 36px;
      margin-top: 18px;
    }
    .multiples .chart { margin-top: 0; min-width: 0; }
    .small figcaption { display: flex; justify-content: space-between; gap: 10px; align-items: baseline; }
    .small h4 { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .small .legend { margin: 0; gap: 8px; font-size: 12px; flex-wrap: nowrap; white-space: nowrap; }
    .small .legend time { display: none; }
    .small .plot { margin-top: 6px; padding-right: 44px; }
    .small .tick { font-size: 11px; }
    .small .minor { display: none; }

    .facts div {
      display: flex; justify-content: space-between; gap: 16px; padding: 7px 0;
      border-bottom: 1px solid var(--rule); font-size: 14px;
    }
    .facts dt { color: var(--soft); }
    .facts.columns { columns: 2; column-gap: 48px; }
    .facts.columns div { break-inside: avoid; }
    .facts code { font-size: 13px; }
    .facts dd { white-space: normal; overflow-wrap: anywhere; }
    .definitions { display: grid; grid-template-columns: 1fr 1fr; gap: 18px 48px; }
    .definitions dt { font-weight: 620; font-size: 14px; }
    .definitions dd { color: var(--soft); font-size: 14px; }

    footer { padding-top: 18px; padding-bottom: 56px; color: var(--faint); font-size: 13px; }
    .origins { margin: 14px 0; }
    .origins div { display: grid; grid-template-columns: 110px minmax(0, 1fr); gap: 12px; padding: 2px 0; }
    .origins code, .canonical code { font-size: 12px; overflow-wrap: anywhere; word-break: break-all; }
    .canonical .label { display: block; }
    .small-print { margin-top: 14px; }

    @media screen and (max-width: 860px) {
      main, .masthead, footer { padding-left: 14px; padding-right: 14px; }
      section { padding: 24px 18px 26px; border-radius: 12px; margin-bottom: 12px; }
      h1 { font-size: 27px; } h2 { font-size: 20px; }
      .trust, .pair, .pair.wide-first, .definitions { grid-template-columns: minmax(0, 1fr); }
      .trust { gap: 26px; }
      .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      .tile:not(:nth-child(4n+1)) { padding-left: 0; border-left: 0; }
      .tile:nth-child(2n) { padding-left: 16px; border-left: 1px solid var(--rule); }
      .figure strong { font-size: 24px; }
      .facts.columns { columns: 1; }
      .plot { padding-right: 46px; }
      .figures { min-width: 860px; }
      .figures th:first-child { position: sticky; left: 0; background: var(--surface); }
    }
    @media screen and (max-width: 560px) {
      .verdicts { grid-template-columns: minmax(0, 1fr); gap: 8px; }
      .verdict { display: flex; justify-content: space-between; align-items: baseline; padding: 10px 14px; }
      .verdict strong { font-size: 16px; }
      .minor { display: none; }
      .kind { display: none; }
      .value { font-size: 9.5px; letter-spacing: -0.03em; }
      .figure strong { font-size: clamp(17px, 5.6vw, 21px); }
      .parts > span { display: block; }
      .parts > span + span { margin-left: 0; }
      .findings thead, .checks thead {
        position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      }
      .findings tr, .checks tr {
        display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 3px 14px; padding: 12px 0;
        border-bottom: 1px solid var(--rule);
      }
      .findings tr > *, .checks tr > * { padding: 0; border: 0; width: auto; }
      .findings tbody th, .findings td.number, .checks td:first-child { width: auto; }
      .findings td.number { max-width: 46vw; }
      .findings .meaning { grid-column: 1 / -1; padding: 0; font-size: 13px; }
      .checks tr > :nth-child(1) { grid-column: 1; grid-row: 1; }
      .checks tr > :nth-child(2) { grid-column: 1; grid-row: 2 / span 2; }
      .checks tr > :nth-child(3) { grid-column: 2; grid-row: 1; font-weight: 620; }
      .checks tr > :nth-child(4) { grid-column: 2; grid-row: 2; color: var(--faint); }
      .choice button { padding: 8px 9px; }
      .callout { font-size: 11.5px; }
    }
    @media (prefers-reduced-motion: no-preference) {
      .bar rect { transition: opacity 0.12s; }
      button { transition: background-color 0.12s, color 0.12s; }
      html { scroll-behavior: smooth; }
    }
    @media print {
      :root, :root[data-theme="dark"], :root:not([data-theme="light"]) {
        --page: #ffffff; --surface: #ffffff; --ink: #000000; --soft: #3a3f47; --faint: #565d68;
        --rule: #d9d9d9; --grid: #e6e6e6; --zero: #8a8a8a; --main: #0b5c9e; --second: #7d8694;
        --loss: #b9480f; --wash: #0b5c9e14; --loss-wash: #b9480f1f; --band: #0000000a;
        --good: #0d6b5e; --good-wash: #e2f1ee; --bad: #a3260c; --bad-wash: #fbe8e2;
        --mixed: #7d5200; --mixed-wash: #faf0d9; --plain: #3a3f47; --plain-wash: #f2f2f2;
        --call: #0b5c9e; --field: #000000; --number: #8a4b00; --text: #0d6b5e;
        --gain-1: #dce9f4; --gain-2: #b5d2ea; --gain-3: #77abd8; --gain-4: #2b74b3;
        --loss-1: #fae6da; --loss-2: #f4c8ad; --loss-3: #e79a6a; --loss-4: #c4581b;
        --strong-ink: #ffffff; color-scheme: light;
      }
      @page { margin: 14mm; }
      body { font-size: 11pt; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      .switches, .skip, .cursor { display: none; }
      .figure strong { font-size: 15pt; }
      .pair { gap: 24px 28px; }
      .trust { gap: 28px; }
      .facts.columns { column-gap: 28px; }
      main, .masthead, footer { max-width: none; padding-left: 0; padding-right: 0; }
      section { border: 0; border-radius: 0; padding: 0; margin: 0 0 26px; }
      .formula { max-height: none; overflow: visible; }
      :focus-visible { outline: none; }
      .trust, .chart, .tile, .verdict, .facts div, tr, .objections li, .section-head { break-inside: avoid; }
      h2, h3, .section-head, figcaption { break-after: avoid; }
      .scroll { overflow: visible; }
      .figures { font-size: 8pt; min-width: 0; }
      .heat { min-width: 0; }
    }
    """#
}
