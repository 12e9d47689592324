// A table for people and screen readers: sortable, moved through by keys, its head always in
// sight. Beyond a few hundred rows only those in view are in the page.

import { fill, h } from "./dom.js";
import { register, t } from "./i18n.js";

register({
  en: {
    "table.sort": "Sort by {column}",
    "table.empty": "Nothing here yet.",
    "table.rows": { one: "{n} row", other: "{n} rows" },
  },
  ko: {
    "table.sort": "{column} 기준 정렬",
    "table.empty": "아직 표시할 항목이 없습니다.",
    "table.rows": { other: "{n}행" },
  },
});

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} key
 * @property {string} title the key of the text in its head
 * @property {string} [unit] stands behind the title in a softer color
 * @property {string} [description] the key of a text that the head shows as its tooltip
 * @property {(row: Row) => number | string | boolean | null | undefined} [value] what it is sorted
 *   by; without it the column is not sortable. Missing values stand last in either order.
 * @property {(row: Row) => Node | string} cell
 * @property {boolean} [numeric] right-aligned figures
 * @property {string} [class] for every cell of the column
 * @property {boolean} [header] the cell names its row
 */
/**
 * @template Row
 * @typedef {object} TableOptions
 * @property {string} label the key of the table's accessible name
 * @property {Column<Row>[]} columns
 * @property {(row: Row) => string} key
 * @property {{key: string, order: "asc" | "desc"}} [sort] how it is sorted at first
 * @property {(sort: {key: string, order: "asc" | "desc"}) => void} [onSort] the caller sorts, such
 *   as by asking the server anew; without it the table sorts what it has
 * @property {(row: Row | null) => void} [onSelect] a row was chosen by click, Enter or Space
 * @property {(row: Row) => string} [rowClass]
 * @property {string} [empty] the key of the text that stands for no rows
 * @property {number} [rowHeight] pixels of a row where rows are virtual; 36 unless told
 * @property {string} [test] the value of data-test
 */
/**
 * @template Row
 * @typedef {object} Table
 * @property {HTMLElement} element
 * @property {(rows: Row[]) => void} setRows
 * @property {(key: string | null) => void} select marks a row, and brings it into view
 * @property {() => void} refresh writes everything anew, such as in another language
 * @property {() => {rows: number, drawn: number, sort: {key: string, order: string} | null,
 *   selected: string | null}} state
 */

/** Above this many rows only those near the view are drawn. */
const virtualAbove = 300;
/** Rows drawn beyond each edge of the view. */
const margin = 12;

/**
 * @template Row
 * @param {TableOptions<Row>} options
 * @returns {Table<Row>}
 */
export function makeTable(options) {
  const rowHeight = options.rowHeight ?? 36;
  const body = h("tbody");
  const head = h("thead");
  // Rows that can be chosen make it a grid to screen readers; a plain table is scrolled by itself.
  const table = h("table",
    { class: "table", role: options.onSelect ? "grid" : null, "aria-rowcount": 0 }, head, body);
  const scroller = h(
    "div",
    { class: "table-scroller", tabindex: options.onSelect ? -1 : 0, "data-test": options.test, role: "group" },
    table
  );
  /** @type {Row[]} */
  let rows = [];
  /** @type {Row[]} */
  let sorted = [];
  let sort = options.sort ?? null;
  /** @type {string | null} */
  let selected = null;
  /** @type {string | null} */
  let focused = null;
  let from = 0;
  let to = 0;

  function writeHead() {
    const words = t(options.label);
    table.setAttribute("aria-label", words);
    scroller.setAttribute("aria-label", words);
    fill(
      head,
      h("tr", null, options.columns.map((column) => {
        const title = t(column.title);
        const isSorted = sort?.key === column.key;
        const unit = column.unit ? h("span", { class: "unit" }, ` ${column.unit}`) : null;
        const tip = column.description ? t(column.description) : null;
        const mark = h("span", { class: "sort-mark", "aria-hidden": "true" },
          isSorted ? (sort?.order === "asc" ? "▲" : "▼") : "");
        return h(
          "th",
          {
            scope: "col",
            class: [column.numeric ? "numeric" : "", column.class ?? ""].join(" ").trim() || null,
            title: tip,
            "aria-sort": !column.value ? null
              : isSorted ? (sort?.order === "asc" ? "ascending" : "descending") : "none",
          },
          column.value
            ? h("button", {
              type: "button", class: "sort", "data-column": column.key,
              onclick: () => sortBy(column),
            }, h("span", null, title, unit), mark)
            : h("span", null, title, unit)
        );
      }))
    );
  }

  /** @param {Column<Row>} column */
  function sortBy(column) {
    const isSame = sort?.key === column.key;
    const order = isSame ? (sort?.order === "asc" ? "desc" : "asc") : column.numeric ? "desc" : "asc";
    sort = { key: column.key, order };
    if (options.onSort) options.onSort(sort);
    arrange();
    writeHead();
    scroller.scrollTop = 0;
    draw(true);
    const button = head.querySelector(`[data-column="${CSS.escape(column.key)}"]`);
    if (button instanceof HTMLElement) button.focus();
  }

  function arrange() {
    const column = options.columns.find((each) => each.key === sort?.key);
    if (!sort || options.onSort || !column?.value) {
      sorted = rows;
      return;
    }
    const value = column.value;
    const direction = sort.order === "asc" ? 1 : -1;
    // The place in the given order settles ties, so that equal rows do not jump.
    sorted = rows
      .map((row, place) => ({ row, place, by: value(row) }))
      .sort((a, b) => {
        const [noA, noB] = [isMissing(a.by), isMissing(b.by)];
        if (noA || noB) return noA && noB ? a.place - b.place : noA ? 1 : -1;
        return direction * compare(a.by, b.by) || a.place - b.place;
      })
      .map((each) => each.row);
  }

  /** @param {boolean} anew */
  function draw(anew) {
    const isVirtual = sorted.length > virtualAbove;
    let first = 0;
    let end = sorted.length;
    if (isVirtual) {
      const view = scroller.clientHeight || 600;
      first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - margin);
      end = Math.min(sorted.length, Math.ceil((scroller.scrollTop + view) / rowHeight) + margin);
    }
    if (!anew && first === from && end === to) return;
    from = first;
    to = end;
    table.classList.toggle("virtual", isVirtual);
    table.style.setProperty("--row-height", `${rowHeight}px`);
    table.setAttribute("aria-rowcount", String(sorted.length + 1));
    if (sorted.length === 0) {
      fill(body, h("tr", { class: "empty-row" },
        h("td", { colspan: options.columns.length }, t(options.empty ?? "table.empty"))));
      return;
    }
    const hadFocus = body.contains(document.activeElement);
    fill(
      body,
      spacer(first * rowHeight),
      sorted.slice(first, end).map((row, index) => line(row, first + index)),
      spacer((sorted.length - end) * rowHeight)
    );
    if (hadFocus && focused !== null) element(focused)?.focus({ preventScroll: true });
  }

  /** @param {number} height */
  function spacer(height) {
    return height > 0
      ? h("tr", { class: "spacer", "aria-hidden": "true" },
        h("td", { colspan: options.columns.length, style: { height: `${height}px` } }))
      : null;
  }

  /**
   * @param {Row} row
   * @param {number} index
   */
  function line(row, index) {
    const key = options.key(row);
    const isSelected = key === selected;
    const isEntrance = focused === null ? index === 0 : key === focused;
    return h(
      "tr",
      {
        "data-key": key,
        "data-index": index,
        "aria-rowindex": index + 2,
        class: [isSelected ? "selected" : "", options.rowClass?.(row) ?? ""].join(" ").trim() || null,
        "aria-selected": options.onSelect ? String(isSelected) : null,
        tabindex: options.onSelect ? (isEntrance ? 0 : -1) : null,
      },
      options.columns.map((column) => h(
        column.header ? "th" : "td",
        {
          scope: column.header ? "row" : null,
          class: [column.numeric ? "numeric" : "", column.class ?? ""].join(" ").trim() || null,
        },
        column.cell(row)
      ))
    );
  }

  /** @param {string} key @returns {HTMLElement | null} */
  function element(key) {
    return body.querySelector(`tr[data-key="${CSS.escape(key)}"]`);
  }

  /** @param {number} index */
  function reveal(index) {
    if (sorted.length <= virtualAbove) {
      element(options.key(sorted[index]))?.scrollIntoView({ block: "nearest" });
      return;
    }
    const top = index * rowHeight;
    const view = scroller.clientHeight - head.offsetHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + rowHeight > scroller.scrollTop + view) scroller.scrollTop = top + rowHeight - view;
    draw(false);
  }

  /** @param {number} index */
  function moveTo(index) {
    const bounded = Math.max(0, Math.min(sorted.length - 1, index));
    focused = options.key(sorted[bounded]);
    reveal(bounded);
    for (const row of body.querySelectorAll("tr[tabindex='0']")) row.setAttribute("tabindex", "-1");
    const target = element(focused);
    target?.setAttribute("tabindex", "0");
    target?.focus({ preventScroll: true });
  }

  /** @param {string | null} key */
  function mark(key) {
    selected = key;
    for (const row of body.querySelectorAll("tr[data-key]")) {
      const isSelected = row.getAttribute("data-key") === key;
      row.classList.toggle("selected", isSelected);
      if (options.onSelect) row.setAttribute("aria-selected", String(isSelected));
    }
  }

  /** @param {HTMLElement} row */
  function choose(row) {
    const key = row.dataset.key ?? null;
    focused = key;
    mark(key);
    options.onSelect?.(sorted.find((each) => options.key(each) === key) ?? null);
  }

  if (options.onSelect) {
    body.addEventListener("click", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (target.closest("a, button")) return;
      const row = target.closest("tr[data-key]");
      if (row) choose(/** @type {HTMLElement} */ (row));
    });
    body.addEventListener("keydown", (event) => {
      const row = /** @type {HTMLElement} */ (event.target);
      if (!row.matches("tr[data-key]")) return;
      const index = Number(row.dataset.index);
      const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 2);
      /** @type {Record<string, number>} */
      const goals = {
        ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page,
        Home: 0, End: sorted.length - 1,
      };
      if (event.key in goals) moveTo(goals[event.key]);
      else if (event.key === "Enter" || event.key === " ") choose(row);
      else return;
      event.preventDefault();
    });
  }
  let isWaiting = false;
  scroller.addEventListener("scroll", () => {
    if (isWaiting || sorted.length <= virtualAbove) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      draw(false);
    });
  });

  writeHead();
  draw(true);
  return {
    element: scroller,
    setRows(next) {
      rows = next;
      arrange();
      draw(true);
    },
    select(key) {
      mark(key);
      if (key === null) return;
      focused = key;
      const index = sorted.findIndex((row) => options.key(row) === key);
      if (index >= 0) {
        reveal(index);
        mark(key);
      }
    },
    refresh() {
      writeHead();
      draw(true);
    },
    state: () => ({
      rows: rows.length,
      drawn: body.querySelectorAll("tr[data-key]").length,
      sort,
      selected,
    }),
  };
}

/** @param {unknown} value */
function isMissing(value) {
  return value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
}

/**
 * @param {any} a
 * @param {any} b
 */
function compare(a, b) {
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b);
  return a < b ? -1 : a > b ? 1 : 0;
}
