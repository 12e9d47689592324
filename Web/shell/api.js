// Questions to the server of this page, and the token that changes need.

/** A refusal of the server, or a server that did not answer (status 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} error a short key, such as `unknown_run`
   * @param {string} detail a sentence that says what happened
   * @param {string} [help] a sentence that says how to mend it
   */
  constructor(status, error, detail, help = "") {
    super(detail || error);
    this.name = "ApiError";
    this.status = status;
    this.error = error;
    this.detail = detail;
    this.help = help;
  }
}

const tokenName = "athanor.token";
/** @type {Set<(token: string | null) => void>} */
const tokenListeners = new Set();
/** @type {Set<(error: ApiError, method: string) => void>} */
const refusalListeners = new Set();
/** @type {string | null} */
let unkeptToken = null;

/** Returns the token of this tab, null without one. @returns {string | null} */
export function token() {
  try {
    return sessionStorage.getItem(tokenName);
  } catch (_) {
    return unkeptToken;
  }
}

/**
 * Keeps a token until the tab is closed; null forgets it.
 * @param {string | null} value
 */
export function setToken(value) {
  unkeptToken = value;
  try {
    if (value) sessionStorage.setItem(tokenName, value);
    else sessionStorage.removeItem(tokenName);
  } catch (_) {
    // Without storage the token lives as long as the page.
  }
  for (const listener of [...tokenListeners]) listener(value);
}

/**
 * Calls back when a token is given or forgotten.
 * @param {(token: string | null) => void} listener
 * @returns {() => void} what ends it
 */
export function onToken(listener) {
  tokenListeners.add(listener);
  return () => tokenListeners.delete(listener);
}

/**
 * Calls back when the server refuses for want of a token (401) or of a role (403 `role_too_low`); the
 * shell then asks for a token.
 * @param {(error: ApiError, method: string) => void} listener gets also what was tried, GET or POST
 * @returns {() => void} what ends it
 */
export function onRefusal(listener) {
  refusalListeners.add(listener);
  return () => refusalListeners.delete(listener);
}

/** An answer that takes longer is given up, in milliseconds. */
const patience = 20_000;

/** A long run is made ready in parts, one for each question; no run has more of them. */
const partsMax = 500;
/** Between two such questions, in milliseconds. */
const partsRest = 100;

/**
 * Asks the server and returns the JSON document that it answers. Where the server is still reading a
 * long run, it is asked again until it has.
 * @param {string} path such as `/api/runs?limit=20`
 * @param {{signal?: AbortSignal}} [how]
 * @returns {Promise<any>}
 * @throws {ApiError}
 */
export async function get(path, how = {}) {
  for (let part = 1; ; part += 1) {
    try {
      return await ask("GET", path, undefined, how.signal);
    } catch (failure) {
      const isReading = failure instanceof ApiError && failure.error === "catching_up";
      if (!isReading || part === partsMax) throw failure;
      await new Promise((done) => setTimeout(done, partsRest));
    }
  }
}

/**
 * Sends a JSON document and returns the one that the server answers.
 * @param {string} path
 * @param {unknown} [body]
 * @param {{signal?: AbortSignal}} [how]
 * @returns {Promise<any>}
 * @throws {ApiError}
 */
export function post(path, body, how = {}) {
  return ask("POST", path, body ?? {}, how.signal);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal | undefined} signal
 */
async function ask(method, path, body, signal) {
  const ending = new AbortController();
  const end = () => ending.abort();
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end);
  const timer = setTimeout(end, patience);
  try {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    const bearer = token();
    if (bearer) headers.Authorization = `Bearer ${bearer}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: ending.signal,
      credentials: "omit",
      cache: "no-store",
    });
    return await read(answer, method);
  } catch (failure) {
    if (failure instanceof ApiError) throw failure;
    if (signal?.aborted) throw new ApiError(0, "aborted", "The question was taken back.");
    if (ending.signal.aborted) {
      throw new ApiError(0, "timeout", `${path}: no answer within ${patience / 1000} s.`);
    }
    throw new ApiError(0, "unreachable", `${path}: ${String(failure)}`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

/**
 * @param {Response} answer
 * @param {string} method
 */
async function read(answer, method) {
  const text = await answer.text();
  /** @type {any} */
  let document = null;
  let isJSON = true;
  try {
    document = text === "" ? null : JSON.parse(text);
  } catch (_) {
    isJSON = false;
  }
  if (answer.ok) {
    if (isJSON) return document;
    throw new ApiError(answer.status, "bad_answer", "The server's answer is not JSON.");
  }
  /** @param {unknown} value */
  const words = (value) => (typeof value === "string" ? value : "");
  const failure = new ApiError(
    answer.status,
    words(document?.error) || `http_${answer.status}`,
    words(document?.detail) || answer.statusText || `HTTP ${answer.status}`,
    words(document?.help)
  );
  if (answer.status === 401 || failure.error === "role_too_low") {
    for (const listener of [...refusalListeners]) listener(failure, method);
  }
  return Promise.reject(failure);
}

/**
 * Writes a path with its parts and its query escaped: missing values of the query are left out.
 * @param {string[]} parts
 * @param {Record<string, string | number | boolean | null | undefined>} [query]
 */
export function address(parts, query = {}) {
  const path = `/${parts.map(encodeURIComponent).join("/")}`;
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}
