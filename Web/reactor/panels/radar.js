// Exploit/explore radar: the sectors are the subcategories of the pack that is being scanned, the
// dots its fields (nearer to the center = a better match), and fields that candidates use light up.

import { percent } from "/ui/shell/format.js";
import { follow, h, setText } from "/ui/shell/dom.js";
import { t } from "/ui/shell/i18n.js";
import { smooth } from "/ui/shell/motion.js";
import { color } from "/ui/shell/theme.js";
import { fitCanvas, flatPen } from "./drawing.js";

const TURN = Math.PI * 2;
const SPEED = 0.9;
/** The sweep turns so slowly that more pictures in a second show nothing more. */
const PICTURES_PER_SECOND = 30;
const NOON = -Math.PI / 2;

/**
 * A number in 0-1 that belongs to a name.
 * @param {string} name
 */
function share(name) {
  let bits = 2166136261;
  for (let i = 0; i < name.length; i += 1) bits = Math.imul(bits ^ name.charCodeAt(i), 16777619);
  return ((bits ^ (bits >>> 13)) >>> 0) / 4294967296;
}

/** @typedef {{angle: number, far: number, field: import("../model/story.js").RadarField}} Blip */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} shareNote
 * @param {HTMLElement} list names the sectors by their numbers
 */
export function buildRadar(canvas, shareNote, list) {
  const ink = flatPen(canvas);
  const dial = document.createElement("canvas");
  /** @type {Blip[]} */
  let blips = [];
  let sweep = 0;
  let explore = 0;
  let target = 0;
  let width = 1;
  let height = 1;
  let pixels = 1;
  let isDirty = true;
  let sinceDrawn = 0;
  /** @type {import("../model/story.js").Story["pack"]} */
  let pack = null;
  let version = -1;
  let sector = -1;

  const radius = () => Math.max(20, Math.min(height, width) / 2 - 19);

  function drawDial() {
    dial.width = canvas.width;
    dial.height = canvas.height;
    const pen = flatPen(dial);
    pen.setTransform(pixels, 0, 0, pixels, (width / 2) * pixels, (height / 2) * pixels);
    const r = radius();
    const sectors = pack?.sectors ?? [];
    const slice = TURN / Math.max(1, sectors.length);
    sectors.forEach((each, index) => {
      pen.beginPath();
      pen.moveTo(0, 0);
      pen.arc(0, 0, r, NOON + slice * index, NOON + slice * (index + 1));
      pen.closePath();
      pen.globalAlpha = 0.09;
      pen.fillStyle = color(each.lane === "explore" ? "explore" : "exploit");
      pen.fill();
      if (each.lane === "explore") {
        // Hatched, so that the lane can be told without its color.
        pen.save();
        pen.clip();
        pen.globalAlpha = 0.22;
        pen.strokeStyle = color("explore");
        pen.lineWidth = 0.7;
        pen.beginPath();
        for (let at = -2 * r; at < 2 * r; at += 7) {
          pen.moveTo(at, -r);
          pen.lineTo(at + 2 * r, r);
        }
        pen.stroke();
        pen.restore();
      }
    });
    pen.strokeStyle = color("line-strong");
    pen.lineWidth = 1;
    for (let ring = 1; ring <= 4; ring += 1) {
      pen.globalAlpha = ring === 4 ? 0.9 : 0.4;
      pen.beginPath();
      pen.arc(0, 0, (r * ring) / 4, 0, TURN);
      pen.stroke();
    }
    pen.globalAlpha = 0.6;
    pen.beginPath();
    for (let index = 0; index < sectors.length && sectors.length > 1; index += 1) {
      const angle = NOON + slice * index;
      pen.moveTo(0, 0);
      pen.lineTo(Math.cos(angle) * r, Math.sin(angle) * r);
    }
    pen.stroke();
    pen.globalAlpha = 1;
    pen.font = `600 10px ${color("font")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    sectors.forEach((each, index) => {
      const angle = NOON + slice * (index + 0.5);
      pen.fillStyle = color(each.lane === "explore" ? "explore" : "exploit");
      pen.fillText(String(index + 1), Math.cos(angle) * (r + 13), Math.sin(angle) * (r + 13));
    });
  }

  function place() {
    blips = [];
    const sectors = pack?.sectors ?? [];
    const slice = TURN / Math.max(1, sectors.length);
    sectors.forEach((each, index) => {
      for (const field of each.fields) {
        const angle = slice * (index + 0.08 + 0.84 * share(field.id));
        const far = 0.16 + 0.78 * (1 - Math.min(1, Math.max(0, field.score)));
        blips.push({ angle, far, field });
      }
    });
  }

  /** @param {boolean} isSweeping */
  function draw(isSweeping) {
    ink.setTransform(pixels, 0, 0, pixels, 0, 0);
    ink.clearRect(0, 0, width, height);
    if (dial.width > 0) ink.drawImage(dial, 0, 0, width, height);
    ink.translate(width / 2, height / 2);
    const r = radius();
    if (isSweeping && blips.length > 0) {
      ink.fillStyle = color("warn");
      ink.globalAlpha = 0.06;
      for (let step = 1; step <= 6; step += 1) {
        ink.beginPath();
        ink.moveTo(0, 0);
        ink.arc(0, 0, r, NOON + sweep - 0.09 * step, NOON + sweep);
        ink.closePath();
        ink.fill();
      }
      ink.globalAlpha = 0.9;
      ink.strokeStyle = color("warn");
      ink.lineWidth = 1.2;
      ink.beginPath();
      ink.moveTo(0, 0);
      ink.lineTo(Math.cos(NOON + sweep) * r, Math.sin(NOON + sweep) * r);
      ink.stroke();
    }
    const [exploit, exploreTone] = [color("exploit"), color("explore")];
    for (let i = 0; i < blips.length; i += 1) {
      const { angle, far, field } = blips[i];
      const behind = (sweep - angle + TURN) % TURN;
      const lit = isSweeping ? Math.exp(-behind * 1.1) : 0.35;
      const x = Math.cos(NOON + angle) * far * r;
      const y = Math.sin(NOON + angle) * far * r;
      const size = field.hits > 0 ? 2.6 + Math.min(2.2, Math.sqrt(field.hits) * 0.5) : 1.5;
      ink.fillStyle = field.lane === "explore" ? exploreTone : exploit;
      ink.globalAlpha = field.hits > 0 ? 0.75 + 0.25 * lit : 0.3 + 0.6 * lit;
      ink.beginPath();
      if (field.lane === "explore") {
        ink.moveTo(x, y - size * 1.25);
        ink.lineTo(x + size * 1.25, y);
        ink.lineTo(x, y + size * 1.25);
        ink.lineTo(x - size * 1.25, y);
      } else ink.arc(x, y, size, 0, TURN);
      ink.fill();
      if (field.hits > 0) {
        ink.globalAlpha = 0.25 + 0.6 * lit;
        ink.strokeStyle = ink.fillStyle;
        ink.lineWidth = 1;
        ink.beginPath();
        ink.arc(x, y, size + 2.4 + 2.5 * lit, 0, TURN);
        ink.stroke();
      }
    }
    ink.globalAlpha = 1;
    // The rim is the realized explore share, the notch on it the target.
    ink.lineWidth = 4;
    ink.strokeStyle = exploit;
    ink.globalAlpha = 0.55;
    ink.beginPath();
    ink.arc(0, 0, r + 4, NOON + TURN * explore, NOON + TURN);
    ink.stroke();
    ink.globalAlpha = 1;
    ink.strokeStyle = exploreTone;
    ink.beginPath();
    ink.arc(0, 0, r + 4, NOON, NOON + TURN * explore);
    ink.stroke();
    if (target > 0) {
      const notch = NOON + TURN * target;
      ink.strokeStyle = color("text");
      ink.lineWidth = 2;
      ink.beginPath();
      ink.moveTo(Math.cos(notch) * (r - 1), Math.sin(notch) * (r - 1));
      ink.lineTo(Math.cos(notch) * (r + 9), Math.sin(notch) * (r + 9));
      ink.stroke();
    }
  }

  return {
    /**
     * @param {import("../model/story.js").Story} story
     * @param {import("../model/status.js").Status | null} status
     */
    write(story, status) {
      if (version !== story.packVersion) {
        version = story.packVersion;
        pack = story.pack;
        place();
        drawDial();
      }
      const lanes = status?.lanes;
      setText(shareNote, t("reactor.radar_share", {
        share: percent(
          lanes?.explore, { digits: 0 }
        ), target: percent(lanes?.target, { digits: 0 }),
      }));
      const sectors = (pack?.sectors ?? []).map((each) => t("reactor.radar_sector", {
        name: each.label, fields: each.fields.length,
        explore: each.fields.filter((field) => field.lane === "explore").length,
        used: each.fields.filter((field) => field.hits > 0).length,
      }));
      const words = pack === null ? t("reactor.radar_empty") : t("reactor.radar_words", {
        sectors: sectors.join("; "), share: percent(lanes?.explore), target: percent(
          lanes?.target, { digits: 0 }
        ),
      });
      if (canvas.getAttribute("aria-label") !== words) canvas.setAttribute("aria-label", words);
      follow(list, pack?.sectors ?? [], (each) => each.id, (each) => h("li", {
        "data-lane": each.lane, title: each.label,
      },
        h("span", { class: "rx-sector-number num" }), h("span", { class: "rx-sector-name" }, each.id), h("span", { class: "rx-sector-fields num" })),
      (row, each) => {
        const index = pack?.sectors.indexOf(each) ?? 0;
        setText(row.children[0], String(index + 1));
        row.dataset.lane = each.lane;
        row.dataset.current = String(index === sector);
        setText(row.children[2], t("reactor.radar_row", {
          fields: each.fields.length, used: each.fields.filter((field) => field.hits > 0).length,
        }));
      });
      isDirty = true;
    },
    /**
     * @param {number} dt @param {boolean} isStill
     * @param {import("../model/status.js").Status | null} status
     * @returns {number} the sector that the sweep has just entered, -1 for none
     */
    frame(dt, isStill, status) {
      const tau = isStill ? 0 : 0.5;
      const before = explore + target;
      sinceDrawn += dt;
      explore = smooth(explore, status?.lanes.explore ?? 0, dt, tau);
      target = smooth(target, status?.lanes.target ?? 0, dt, tau);
      const count = pack?.sectors.length ?? 0;
      if (isStill || count === 0) {
        if (isDirty || Math.abs(before - explore - target) > 1e-4) draw(false);
        isDirty = false;
        return -1;
      }
      sweep = (sweep + dt * SPEED) % TURN;
      if (sinceDrawn > 0.98 / PICTURES_PER_SECOND) {
        sinceDrawn = 0;
        draw(true);
      }
      const now = Math.floor((sweep / TURN) * count);
      if (now === sector) return -1;
      sector = now;
      for (let i = 0; i < list.children.length; i += 1) {
        list.children[i].setAttribute("data-current", String(i === now));
      }
      return now;
    },
    /** @param {boolean} isRestyled whether colors changed as well as the size */
    refresh(isRestyled) {
      const box = canvas.getBoundingClientRect();
      if (!isRestyled && Math.abs(box.width - width) < 0.5 && Math.abs(box.height - height) < 0.5) return;
      ({ width, height, pixels } = fitCanvas(canvas));
      drawDial();
      draw(false);
      isDirty = true;
    },
    get blips() {
      return blips.length;
    },
  };
}
