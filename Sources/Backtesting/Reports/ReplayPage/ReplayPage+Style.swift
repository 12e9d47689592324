extension ReplayPage {
  /// What the page adds to the style sheet of the tear sheet. Candles are gray, so that blue and
  /// orange are left for trades that gained and lost; no meaning is carried by color alone.
  static let style = #"""

    .later { margin-top: 38px; }
    h2.later { font-size: 17px; margin-bottom: 6px; }
    h3.later { margin-bottom: 14px; }
    .asof { overflow-wrap: anywhere; }
    .aside { display: block; font-size: 12.5px; line-height: 1.4; color: var(--faint); }
    .facts dd { white-space: nowrap; overflow-wrap: normal; }
    .facts dt { min-width: 0; overflow-wrap: anywhere; }
    #settings .facts dd { white-space: normal; overflow-wrap: anywhere; max-width: 60%; }
    .up { color: var(--main); } .down { color: var(--loss); }

    .grounds li { border-color: var(--zero); color: var(--ink); }
    .grounds .good { border-color: var(--good); } .grounds .bad { border-color: var(--bad); }
    .grounds .mixed { border-color: var(--mixed); }
    .leanings .leaning { width: 13%; padding-left: 22px; white-space: nowrap; }
    .leanings thead th:nth-child(3) { padding-left: 22px; }
    .leanings .badge { letter-spacing: 0; }
    .leanings tbody th { width: 24%; }

    .intervals { margin: 6px 0 38px; }
    .intervals figcaption { margin-bottom: 14px; }
    .interval {
      display: grid; grid-template-columns: minmax(150px, 21%) minmax(0, 1fr) 296px; gap: 0 22px;
      align-items: center; font-size: 14px;
    }
    .interval svg { display: block; overflow: visible; }
    .interval .name { padding: 6px 0; line-height: 1.35; color: var(--soft); }
    .interval .figures { white-space: nowrap; font-size: 13px; }
    .interval .figures b { font-weight: 620; }
    .interval .range { color: var(--faint); margin-left: 7px; font-size: 12.5px; }
    .interval .whisker { stroke: var(--second); opacity: 0.55; }
    .interval .estimate { fill: var(--second); }
    .interval.own .name { color: var(--ink); font-weight: 620; }
    .interval.own .whisker { stroke: var(--main); opacity: 0.4; }
    .interval.own .estimate { fill: var(--main); }

    .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 12px; margin: 0 0 18px; }
    .tools[hidden], .pages[hidden], .readout[hidden] { display: none; }
    .tools .note { flex-basis: 100%; max-width: none; }
    .pick { display: inline-flex; align-items: center; gap: 8px; font-size: 13px; color: var(--soft); }
    select {
      font: inherit; font-size: 13px; line-height: 1.2; color: var(--ink);
      background: var(--surface); border: 1px solid var(--rule); border-radius: 8px;
      padding: 7px 10px; max-width: 46vw;
    }
    .choice button + button { border-left: 1px solid var(--rule); }
    button:disabled { color: var(--zero); cursor: default; }
    .marks-legend { margin: 0 0 16px; gap: 4px 18px; }
    .marks-legend .key > svg { vertical-align: -2px; margin-right: 5px; }
    .marks-legend rect { stroke: none; }

    .candles + .candles { margin-top: 38px; }
    .single .candles { margin-top: 0; }
    .candles[hidden] { display: none; }
    .candles .plot:focus-visible { outline-offset: 7px; }
    .candles .plot { padding-right: 74px; user-select: none; -webkit-user-select: none; }
    .candles .stretch { overflow: hidden; }
    .wick { fill: none; stroke: var(--faint); stroke-width: 1; vector-effect: non-scaling-stroke; }
    .rising { fill: var(--candle-up); stroke: var(--faint); stroke-width: 1; vector-effect: non-scaling-stroke; }
    .falling { fill: var(--faint); stroke: var(--faint); stroke-width: 1; vector-effect: non-scaling-stroke; }
    :root { --candle-up: #ffffff; }
    @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { --candle-up: #15181e; } }
    :root[data-theme="dark"] { --candle-up: #15181e; }
    .way { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
    .dots { fill: none; stroke-width: 5; stroke-linecap: round; vector-effect: non-scaling-stroke; opacity: 0.75; }
    .way.gain, .dots.gain { stroke: var(--main); } .way.loss, .dots.loss { stroke: var(--loss); }
    .way.open, .dots.open { stroke: var(--ink); }
    .way.open { stroke-dasharray: 3 3; }
    use.gain, rect.gain { fill: var(--main); stroke: var(--surface); }
    use.loss, rect.loss { fill: var(--loss); stroke: var(--surface); }
    use.open, rect.open { fill: var(--ink); stroke: var(--surface); }
    use.plain { fill: var(--soft); stroke: var(--surface); }
    use { stroke-width: 1.25; }
    use[href="#mark-liquidation"] { stroke: var(--loss); stroke-width: 2.5; fill: none; }
    use.plain[href="#mark-liquidation"] { stroke: var(--soft); }
    .chosen { fill: none; stroke: var(--ink); stroke-width: 1.5; }
    .brush { fill: var(--wash); stroke: var(--main); stroke-width: 1; vector-effect: non-scaling-stroke; }
    .readout {
      margin-top: 20px; padding: 12px 16px; background: var(--page); border: 1px solid var(--rule);
      border-radius: 10px; font-size: 13.5px; line-height: 1.5; min-height: 4.6em;
    }
    .readout p { color: var(--soft); }
    .readout b { color: var(--ink); font-weight: 620; }
    .readout .parts > span + span { margin-left: 12px; }
    .readout .parts span { white-space: normal; }

    .wide { min-width: 920px; }
    .wide.trades { min-width: 940px; font-size: 13px; }
    .trades td:not(:last-child), .trades th:not(:last-child) { padding-right: 10px; }
    .trades td { vertical-align: top; }
    .trades td.word { white-space: nowrap; }
    .trades .when { display: block; }
    .trades .said { display: block; font-size: 12.5px; color: var(--soft); white-space: normal; max-width: 22em; }
    .trades code { display: block; font-size: 11px; color: var(--faint); overflow: hidden; text-overflow: ellipsis; max-width: 24em; }
    .trades th button { padding: 0; font-size: inherit; line-height: inherit; color: inherit; text-align: inherit; }
    .trades th button:hover { color: var(--ink); }
    .trades th[aria-sort] button { color: var(--ink); font-weight: 620; }
    .trades th[aria-sort="ascending"] button::after { content: " \2191"; }
    .trades th[aria-sort="descending"] button::after { content: " \2193"; }
    .trades td button { padding: 0 2px; font-size: inherit; color: var(--main); text-decoration: underline; text-underline-offset: 2px; }
    .pages { display: flex; align-items: center; gap: 14px; margin-top: 16px; font-size: 13px; color: var(--soft); }
    .pages button { border: 1px solid var(--rule); border-radius: 8px; }
    #trade-rest { margin-top: 14px; }
    .figures th.word, .figures td.word { text-align: left; }
    .reasons tbody th { width: 46%; padding-right: 28px; white-space: normal; }
    .reasons .said, #wait-table .said { display: block; font-weight: 560; }
    .reasons code, #wait-table code { font-size: 12px; color: var(--faint); }
    .share { display: block; margin-top: 7px; }
    .share rect { fill: var(--second); }
    #refusal-table { max-width: 760px; }
    #wait-table th:nth-child(4), #wait-table td:nth-child(4) { padding-left: 28px; }
    .scroll + .note { margin-top: 10px; }
    #gap-table td.word:last-child { white-space: normal; }
    #gap-table .number { padding-right: 32px; }

    .thirds { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 36px 32px; }
    .thirds:has(> :nth-child(2):last-child) { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .thirds .chart { margin-top: 0; }
    .calibration figcaption { min-height: 6.4em; }
    .calibration .plot { padding-right: 46px; }
    .calibration .whisker { stroke-width: 3; stroke-linecap: butt; }
    .diagonal { stroke: var(--zero); stroke-width: 1.5; stroke-dasharray: 5 4; }
    .bins { margin-top: 20px; font-size: 12.5px; }
    .bins thead th { font-size: 11.5px; line-height: 1.35; padding-right: 8px; }
    .bins tbody td { padding: 5px 8px 5px 0; }

    @media screen and (max-width: 980px) {
      .thirds, .thirds:has(> :nth-child(2):last-child) { grid-template-columns: minmax(0, 1fr); }
      .calibration figcaption { min-height: 0; }
    }
    @media screen and (max-width: 860px) {
      .interval { grid-template-columns: minmax(0, 1fr); padding: 8px 0; }
      .interval .name { padding: 0; }
      .interval svg { width: calc(100% - 24px); margin: 0 12px; }
      .interval .figures { white-space: normal; }
      .candles .plot { padding-right: 62px; }
      .candles .tick { font-size: 11px; }
      #refusal-table { min-width: 0; }
      .reasons { min-width: 640px; }
      .reasons tbody th { position: static; width: auto; min-width: 190px; }
      .figures.trades th:first-child { position: static; }
    }
    @media screen and (max-width: 560px) {
      .leanings tr > .leaning { grid-column: 1; justify-self: start; order: 3; }
      .leanings .meaning { order: 4; }
      .leanings tbody th { width: auto; }
      .leanings .leaning, .leanings thead th:nth-child(3) { padding-left: 0; }
      .tools .choice button { padding: 8px 10px; }
    }
    @media print {
      :root, :root[data-theme="dark"], :root:not([data-theme="light"]) { --candle-up: #ffffff; }
      .tools, .readout, .pages { display: none; }
      .candles, .candles[hidden] { display: block; break-inside: avoid; }
      .wide, .trades { min-width: 0; font-size: 7pt; }
      .calibration, .intervals { break-inside: avoid; }
    }
    """#
}
