// The command console: starts, follows and cancels jobs.

import { ApiError, get, post, token } from "/ui/shell/api.js";
import { fill, follow, h, setText } from "/ui/shell/dom.js";
import { ageElement, duration, integer, milliseconds, percent, setAge } from "/ui/shell/format.js";
import { localize, onLanguage, t } from "/ui/shell/i18n.js";
import { askToken, selectRun, toast, toastError } from "/ui/shell/shell.js";
import { inLanguage, makeForm } from "./action-form.js";
import { panel } from "./frame.js";

/** @typedef {import("./action-form.js").Action} Action */

/** @type {Record<string, {mark: string, chip: string}>} */
const looks = {
  queued: { mark: "◔", chip: "" }, running: { mark: "◉", chip: "warn" },
  completed: { mark: "✓", chip: "good" }, failed: { mark: "✕", chip: "bad" },
  cancelled: { mark: "⊘", chip: "" }, timed_out: { mark: "⧗", chip: "bad" },
};
const ended = new Set(["completed", "failed", "cancelled", "timed_out"]);
/** How often jobs are read while one is under way, and while none is, in milliseconds. */
const busyPace = 1200;
const idlePace = 15_000;
const jobsMost = 30;

export function makeConsole() {
  /** @type {Action[]} */
  let actions = [];
  /** @type {any[]} */
  let jobs = [];
  /** @type {string | null} the job whose output is shown */
  let watched = null;
  /** @type {any} */
  let detail = null;
  /** @type {import("./action-form.js").ActionForm | null} */
  let form = null;
  /** A key for the next start: pressing twice starts once. */
  let idempotencyKey = freshKey();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {unknown} */
  let trouble = null;

  const picker = h("select", {
    id: "action-picker", "data-test": "action-picker", onchange: () => showAction({}),
  });
  const about = h("p", { class: "soft small-words" });
  const fields = h("div");
  const start = h("button", {
    type: "submit", class: "button primary", "data-t": "lab.console.start", "data-test": "job-start",
  });
  const problem = h("p", { class: "problem", role: "alert" });
  const list = h("ol", { class: "plain job-list", "data-test": "jobs", "data-t-label": "lab.console.jobs" });
  const empty = h("p", { class: "soft empty-line", "data-t": "lab.console.no_jobs" });
  const output = h("div", { class: "job-output", hidden: true, "data-test": "job-output" });
  const element = panel("console", { note: h("span", { class: "soft head-note", "data-t": "lab.console.note" }) },
    h("div", { class: "console" },
      h("form", {
        class: "console-form", novalidate: true,
        onsubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          submit();
        },
      },
      h("label", { for: "action-picker", "data-t": "lab.console.action" }), picker, about, fields,
      problem, h("div", { class: "form-actions" }, start)),
      h("div", { class: "console-jobs" },
        h("h3", { "data-t": "lab.console.jobs" }), list, empty, output)));

  async function open() {
    try {
      const answer = await get("/api/control/actions");
      actions = Array.isArray(answer?.actions) ? answer.actions : [];
      fill(picker, actions.map((each) => h("option", { value: each.action }, each.action)));
      showAction({});
    } catch (failure) {
      trouble = failure;
      setText(about, failure instanceof ApiError ? `${failure.detail} ${failure.help}` : String(failure));
    }
    start.disabled = actions.length === 0;
    await poll();
  }

  /** @param {Record<string, any>} given */
  function showAction(given) {
    const action = actions.find((each) => each.action === picker.value);
    if (!action) return;
    setText(problem, "");
    setText(about, [inLanguage(action, "description"),
      action.spends_budget ? t("lab.console.spends") : ""].filter(Boolean).join(" "));
    form = makeForm({ ...action, parameters: action.parameters ?? [] }, given);
    fill(fields, form.element);
  }

  async function submit() {
    if (!form) return;
    setText(problem, "");
    const { params, problems } = form.read();
    if (problems > 0) {
      setText(problem, t("lab.form.problems", { n: integer(problems), count: problems }));
      return;
    }
    if (!token()) {
      askToken();
      return;
    }
    start.disabled = true;
    try {
      const job = await post("/api/control/jobs",
        { action: picker.value, params, idempotency_key: idempotencyKey });
      idempotencyKey = freshKey();
      toast({ text: t("lab.console.started", { action: picker.value }) });
      watched = job?.job_id ?? null;
      await poll();
    } catch (failure) {
      if (failure instanceof ApiError && failure.status >= 400 && failure.status < 500
        && failure.status !== 401 && failure.status !== 403) {
        idempotencyKey = freshKey();
        setText(problem, `${failure.detail} ${failure.help}`.trim());
      } else toastError(failure, t("lab.console.start_failed"));
    }
    start.disabled = false;
  }

  async function poll() {
    clearTimeout(timer);
    try {
      const answer = await get(`/api/control/jobs?limit=${jobsMost}`);
      jobs = Array.isArray(answer?.jobs) ? answer.jobs : [];
      trouble = null;
      if (watched !== null) {
        detail = await get(`/api/control/jobs/${encodeURIComponent(watched)}`);
      }
    } catch (failure) {
      // The next reading tries again; the badge of the shell says that the server is away.
      trouble = failure;
    }
    write();
    const isBusy = jobs.some((job) => !ended.has(job.state));
    timer = setTimeout(poll, document.hidden ? idlePace : isBusy ? busyPace : idlePace);
  }

  function write() {
    follow(list, jobs, (job) => String(job.job_id), makeRow, writeRow);
    empty.hidden = jobs.length > 0;
    writeOutput();
  }

  /** @param {any} job */
  function makeRow(job) {
    return h("li", { class: "job" },
      h("button", {
        type: "button", class: "job-main", onclick: () => {
          watched = watched === job.job_id ? null : job.job_id;
          detail = null;
          poll();
        },
      }, h("span", { class: "chip" }), h("strong", { class: "clip" }, job.action),
      h("span", { class: "soft num job-words" })),
      h("div", { class: "meter" }, h("div", { class: "meter-fill" })),
      h("div", { class: "job-tools" }, ageElement(null), h("span", { class: "spring" }),
        h("button", {
          type: "button", class: "button small quiet", "data-t": "lab.console.watch",
          onclick: () => {
            selectRun(job.run_id);
            scrollTo({ top: 0 });
          },
        }),
        h("button", {
          type: "button", class: "button small quiet", "data-t": "lab.console.again",
          onclick: () => {
            picker.value = job.action;
            showAction(job.params ?? {});
          },
        }),
        h("button", {
          type: "button", class: "button small danger", "data-t": "lab.console.cancel",
          "data-test": "job-cancel", onclick: () => cancel(job.job_id),
        })));
  }

  /** @param {HTMLElement} row @param {any} job */
  function writeRow(row, job) {
    const look = looks[job.state] ?? looks.queued;
    const [main, meter, tools] = row.children;
    const [chip, , words] = main.children;
    chip.className = `chip ${look.chip}`;
    /** @type {HTMLElement} */ (chip).dataset.mark = look.mark;
    setText(chip, t(`lab.job.${job.state}`));
    main.setAttribute("aria-expanded", String(watched === job.job_id));
    const done = shareOf(job.progress);
    setText(words, progressWords(job, done));
    /** @type {HTMLElement} */ (meter).hidden = job.state !== "running";
    const bar = /** @type {HTMLElement} */ (meter.firstElementChild);
    bar.style.transform = `scaleX(${done ?? 0.03})`;
    const [age, , watch, , stop] = /** @type {HTMLElement[]} */ ([...tools.children]);
    setAge(age, job.ended_at ?? job.started_at ?? job.queued_at);
    watch.hidden = !job.run_id;
    stop.hidden = ended.has(job.state);
    localize(row);
  }

  /** @param {any} job @param {number | null} done */
  function progressWords(job, done) {
    const [from, to] = [milliseconds(job.started_at), milliseconds(job.ended_at)];
    if (ended.has(job.state)) {
      return [from !== null && to !== null ? duration(to - from) : "",
        job.state === "completed" ? "" : errorWords(job.error)].filter(Boolean).join(" · ");
    }
    const { progress } = job;
    return [progress?.step, progress?.work, done === null ? "" : percent(done, { digits: 0 })]
      .filter(Boolean).join(" · ");
  }

  async function cancel(/** @type {string} */ id) {
    if (!token()) {
      askToken();
      return;
    }
    try {
      await post(`/api/control/jobs/${encodeURIComponent(id)}/cancel`);
    } catch (failure) {
      toastError(failure, t("lab.console.cancel_failed"));
    }
    await poll();
  }

  function writeOutput() {
    const isShown = watched !== null && detail?.job_id === watched;
    output.hidden = !isShown;
    if (!isShown) return;
    const lines = Array.isArray(detail.output) ? detail.output.join("\n") : String(detail.output ?? "");
    fill(output,
      h("div", { class: "soft small-words" }, t("lab.console.job", {
        id: String(detail.job_id).slice(0, 8), by: detail.requested_by ?? "–",
        code: detail.return_code === null || detail.return_code === undefined ? "–"
          : integer(detail.return_code) })),
      detail.error ? h("p", { class: "bad small-words" }, errorWords(detail.error)) : null,
      h("pre", { class: "job-tail", tabindex: 0 }, lines || t("lab.console.silent")));
    const tail = output.querySelector("pre");
    if (tail) tail.scrollTop = tail.scrollHeight;
  }

  onLanguage(() => {
    if (actions.length > 0) showAction(form?.read().params ?? {});
    write();
  });
  return {
    element,
    open,
    state: () => ({
      actions: actions.length, troubled: trouble !== null,
      jobs: jobs.map((job) => ({ id: job.job_id, action: job.action, state: job.state })),
    }),
  };
}

/** @param {any} error a sentence, or an object with one */
function errorWords(error) {
  if (error && typeof error === "object") return String(error.detail ?? error.error ?? "");
  return error ? String(error) : "";
}

/** @param {any} progress @returns {number | null} */
function shareOf(progress) {
  if (typeof progress === "number") return Math.max(0, Math.min(1, progress));
  if (!(progress?.steps > 0)) return null;
  const within = progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
  return Math.min(1, (progress.step_number - 1 + within) / progress.steps);
}

/** Returns a name that no other start has. */
function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
